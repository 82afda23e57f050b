import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { AssayError, isAssayError } from '../core/errors.ts';
import type { RequestError } from './problem.ts';

/** What Fastify refuses before a handler runs, in words. */
const FRAMEWORK_REFUSALS: Readonly<Record<string, { status: number; detail: string }>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: { status: 400, detail: 'The body is not valid JSON.' },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    detail: 'The body has to be JSON, sent with the header content-type: application/json.',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { status: 413, detail: 'The body is larger than 1 MiB.' },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    status: 400,
    detail: 'The body is not as long as its content-length header says.',
  },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, detail: 'A part of the path is too long.' },
  FST_ERR_BAD_URL: { status: 400, detail: 'The path is not a valid URL; percent-encode it.' },
};

/** Translates whatever a request ended with: our own errors, refused input, refusals of Fastify, faults. */
export function toRequestError(thrown: unknown): RequestError {
  if (isAssayError(thrown)) return { error: thrown };
  if (hasZodFastifySchemaValidationErrors(thrown)) return { error: toInvalidInput(thrown) };
  const refusal = FRAMEWORK_REFUSALS[codeOf(thrown)];
  if (refusal !== undefined) {
    return { error: new AssayError('BAD_REQUEST', refusal.detail), status: refusal.status };
  }
  const message = 'The service failed to answer. Its log has the details; please report them.';
  return { error: new AssayError('INTERNAL', message, { cause: thrown }) };
}

function codeOf(thrown: unknown): string {
  const isCoded = typeof thrown === 'object' && thrown !== null && 'code' in thrown;
  return isCoded && typeof thrown.code === 'string' ? thrown.code : '';
}

interface InvalidInput {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[];
  readonly validationContext?: string | undefined;
}

function toInvalidInput({ validation, validationContext = 'body' }: InvalidInput): AssayError {
  const errors = validation.map(({ instancePath, message }) => ({
    path: [validationContext, ...instancePath.split('/').filter((part) => part !== '')].join('.'),
    message: message ?? 'not usable',
  }));
  const detail = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new AssayError('BAD_REQUEST', detail, { context: { errors } });
}
