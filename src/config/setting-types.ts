import { z } from 'zod';
import { isLoopbackHost } from '../core/loopback-host.ts';
import { createSecret, hideCredentials, type Secret } from './secret.ts';

/**
 * The types of settings. Each takes what a source may hold (text from flags and the environment,
 * also numbers, booleans and lists from assay.yaml) and has one message that says what is expected.
 */

const TOPIC_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/;
const HOST_PORT = /^(?:\[[0-9a-fA-F:.]+\]|[^\s:/@[\]]+):(\d{1,5})$/;
const BYTE_SIZE = /^(\d+(?:\.\d+)?)\s*(B|kB|KB|MB|GB|KiB|MiB|GiB)?$/;
const BYTES_OF_UNIT: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1e3,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

export function text() {
  const error = 'expected some text';
  return z.string({ error }).trim().min(1, { error });
}

export function wholeNumber({ min, max }: { readonly min: number; readonly max: number }) {
  const error = `expected a whole number from ${min} to ${max}`;
  const toNumber = (value: unknown) =>
    typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : value;
  return z.preprocess(toNumber, z.int({ error }).min(min, { error }).max(max, { error }));
}

/** Bytes: a number, or a number with a unit such as `128MiB`. */
export function byteSize() {
  const error = 'expected a size such as 128MiB, 10MB or a number of bytes';
  return z.preprocess(parseByteSize, z.int({ error }).min(1, { error }));
}

function parseByteSize(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const match = BYTE_SIZE.exec(value.trim());
  if (match === null) return value;
  return Math.round(Number(match[1]) * (BYTES_OF_UNIT[match[2] ?? 'B'] ?? Number.NaN));
}

export function onOff() {
  const error = 'expected on or off';
  const words: Readonly<Record<string, boolean>> = {
    on: true,
    true: true,
    yes: true,
    '1': true,
    off: false,
    false: false,
    no: false,
    '0': false,
  };
  const toBoolean = (value: unknown) =>
    typeof value === 'string' ? (words[value.trim().toLowerCase()] ?? value) : value;
  return z.preprocess(toBoolean, z.boolean({ error }));
}

export function oneOf<const T extends readonly [string, ...string[]]>(choices: T) {
  const error = `expected ${choices.join(' or ')}`;
  const toLower = (value: unknown) =>
    typeof value === 'string' ? value.trim().toLowerCase() : value;
  return z.preprocess(toLower, z.enum(choices, { error }));
}

function listOf<T extends z.ZodType>(item: T, error: string) {
  const split = (value: unknown) =>
    typeof value === 'string'
      ? value
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part !== '')
      : value;
  return z.preprocess(split, z.array(item, { error }).min(1, { error }).readonly());
}

export function hostPorts() {
  const error = 'expected host:port, several of them separated by commas';
  const isHostPort = (value: string) => {
    const port = Number(HOST_PORT.exec(value)?.[1] ?? 0);
    return port >= 1 && port <= 65_535;
  };
  return listOf(z.string({ error }).refine(isHostPort, { error }), error);
}

export function files() {
  const error = 'expected file names separated by commas';
  return listOf(z.string({ error }).min(1, { error }), error);
}

export function topic() {
  const error = 'expected a topic name (letters, digits, dot, underscore and hyphen)';
  return z.string({ error }).trim().regex(TOPIC_NAME, { error });
}

export function topics() {
  const error = 'expected topic names separated by commas';
  return listOf(topic(), error);
}

export function httpUrl() {
  const error = 'expected a URL that begins with http:// or https://';
  const isHttpUrl = (value: string) => /^https?:\/\//i.test(value) && URL.canParse(value);
  return z.string({ error }).trim().refine(isHttpUrl, { error });
}

export function secretText() {
  return text().transform((value): Secret => createSecret(value));
}

/** A Postgres URL; shown without its password. */
export function postgresUrl() {
  const error = 'expected a URL that begins with postgres:// or postgresql://';
  return z
    .string({ error })
    .trim()
    .regex(/^postgres(ql)?:\/\/\S+$/i, { error })
    .transform((value): Secret => createSecret(value, hideCredentials(value)));
}

/** A host of this machine only; while no API keys exist, everybody who reaches the port may change scorers. */
export function loopbackHost() {
  const error =
    'expected 127.0.0.1, ::1 or localhost: as long as there are no API keys, anyone who reaches the port could read traces and change scorers; put a proxy that authenticates in front of it';
  return z.string({ error }).trim().refine(isLoopbackHost, { error });
}
