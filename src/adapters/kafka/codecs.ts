import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import type * as Kafkajs from 'kafkajs';
import { AssayError } from '../../core/errors.ts';
import { unframeSnappy } from './unframe-snappy.ts';

/** How kafkajs compresses and decompresses the records of a batch. */
export interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

const compressZstd = promisify(zstdCompress);
const decompressZstd = promisify(zstdDecompress);

const zstd: Codec = {
  compress: ({ buffer }) => compressZstd(buffer),
  decompress: (buffer) => decompressZstd(buffer),
};

const snappy = nativeCodec('snappy', async () => {
  const { compress, uncompress } = await import('snappy');
  return {
    compress: ({ buffer }) => compress(buffer),
    async decompress(buffer) {
      const blocks = unframeSnappy(buffer).map((block) => uncompress(block, { asBuffer: true }));
      return Buffer.concat((await Promise.all(blocks)).map((block) => Buffer.from(block)));
    },
  };
});

const lz4 = nativeCodec('lz4', async () => {
  const { compressFrame, decompressFrame } = await import('lz4-napi');
  return {
    compress: ({ buffer }) => compressFrame(buffer),
    decompress: (buffer) => decompressFrame(buffer),
  };
});

/** kafkajs has gzip built in; these are the others that producers use. */
export function registerCodecs({ CompressionCodecs, CompressionTypes }: typeof Kafkajs): void {
  // The package types its table of codecs as `any`.
  const codecs = CompressionCodecs as Record<number, () => Codec>;
  codecs[CompressionTypes.ZSTD] = () => zstd;
  codecs[CompressionTypes.Snappy] = () => snappy;
  codecs[CompressionTypes.LZ4] = () => lz4;
}

/** A codec of a native package, loaded when first needed: not every platform has a build of it. */
export function nativeCodec(name: string, load: () => Promise<Codec>): Codec {
  let loading: Promise<Codec> | undefined;
  const loaded = (): Promise<Codec> => {
    loading ??= load().catch(() => {
      throw new UnreadableCodec(name);
    });
    return loading;
  };
  return {
    compress: async (encoder) => (await loaded()).compress(encoder),
    decompress: async (buffer) => (await loaded()).decompress(buffer),
  };
}

/**
 * Records are compressed in a way that cannot be read here. The name is the one at which kafkajs
 * gives up at once instead of trying again.
 */
export class UnreadableCodec extends Error {
  readonly codec: string;
  readonly retriable = false;

  constructor(codec: string) {
    super(`${codec} is not supported`);
    this.name = 'KafkaJSNotImplemented';
    this.codec = codec;
  }
}

/** Names the partitions that were being read, since kafkajs does not tell which of them it was. */
export function toCodecError({ codec }: UnreadableCodec, reading: readonly string[]): AssayError {
  return new AssayError(
    'BROKER_REFUSED',
    `cannot read ${reading.join(', ')}: records are compressed with ${codec}, and the package ${codec === 'lz4' ? 'lz4-napi' : codec} has no build for this platform (was it installed with npm ci?); otherwise set compression.type of the topic to zstd, gzip or none, and copy the records that are there already to another topic`,
    { context: { codec, partitions: reading } },
  );
}
