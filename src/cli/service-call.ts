import type { Command } from 'commander';
import type { Config, SettingKey } from '../config/config-schema.ts';
import { type Answer, type ApiClient, createApiClient } from './api-client.ts';
import type { CliContext } from './cli-context.ts';
import { type CommonOptions, loadSettings } from './command-options.ts';

/** Settings of commands that talk to the service. */
export const SERVICE_SETTINGS: readonly SettingKey[] = ['url', 'apiKey', 'experimentId'];

export interface ServiceCall {
  readonly api: ApiClient;
  readonly config: Config;
  /** `/api/v1/experiments/<experiment>` */
  readonly experimentPath: string;
}

/** The client for the service and the experiment that the command means; each call may take `timeoutMs`, 30 s where absent. */
export async function openService(
  command: Command,
  context: CliContext,
  { timeoutMs }: { readonly timeoutMs?: number } = {},
): Promise<ServiceCall> {
  const { config } = await loadSettings(command, context);
  const { url, apiKey, experimentId } = config;
  const { author, signal } = context;
  return {
    api: createApiClient({
      url,
      apiKey: apiKey?.reveal(),
      author,
      signal,
      ...(timeoutMs !== undefined && { timeoutMs }),
    }),
    config,
    experimentPath: `/api/v1/experiments/${encodeURIComponent(experimentId)}`,
  };
}

/** Prints an answer: as the service wrote it with `--json`, otherwise in words. */
export async function printAnswer<Body>(
  { stdout }: Pick<CliContext, 'stdout'>,
  { json }: CommonOptions,
  { answer, inWords }: { answer: Answer<Body>; inWords: (body: Body) => string },
): Promise<void> {
  await stdout.write(json ? `${answer.text.trimEnd()}\n` : inWords(answer.body));
}
