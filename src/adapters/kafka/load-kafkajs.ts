import { createRequire } from 'node:module';
import type * as Kafkajs from 'kafkajs';
import { registerCodecs } from './codecs.ts';
import { type KafkajsModules, repairInternals } from './repair-internals.ts';
import { addTopicIdsToAdmin } from './topic-id-admin.ts';

/** The version whose internals `repairInternals` knows. */
const VERSION = '2.2.4';

let loaded: typeof Kafkajs | undefined;

/** kafkajs, loaded and repaired at the first call. Nothing else may load it: repairs come before. */
export function loadKafkajs(): typeof Kafkajs {
  loaded ??= load();
  return loaded;
}

function load(): typeof Kafkajs {
  const require = createRequire(import.meta.url);
  const { version } = require('kafkajs/package.json') as { readonly version: string };
  if (version !== VERSION) {
    throw new Error(`kafkajs is ${version}, but its repairs were made for ${VERSION}`);
  }
  if (require.cache[require.resolve('kafkajs')] !== undefined) {
    throw new Error('kafkajs was loaded before it could be repaired');
  }
  const modules: KafkajsModules = {
    load: (path) => require(`kafkajs/${path}`) as unknown,
    replace(path, exported) {
      require(`kafkajs/${path}`);
      const module = require.cache[require.resolve(`kafkajs/${path}`)];
      if (module === undefined) throw new Error(`kafkajs has no file ${path}`);
      module.exports = exported;
    },
  };
  repairInternals(modules);
  addTopicIdsToAdmin(modules);
  // The package is CommonJS; its types describe what `require` returns.
  const kafkajs = require('kafkajs') as typeof Kafkajs;
  registerCodecs(kafkajs);
  return kafkajs;
}
