import { HeadwayError } from '../../src/core/errors';
import type { ChoiceParameter } from '../../src/core/parameter';
import { SERVING_PARAMETERS } from '../../src/core/serving-config';
import { ENDPOINTS, type Endpoint } from '../../src/engine/remote/request-body';
import { parseTarget, type TargetAddress } from '../../src/engine/remote/target';
import { flag, type Option, options, text, type Values } from '../option';
import { UsageError } from '../usage-error';

const ENDPOINT: ChoiceParameter = {
  name: 'endpoint',
  flag: '--endpoint',
  label: 'Endpoint',
  kind: 'choice',
  choices: ENDPOINTS,
  default: 'chat',
  help: 'With --target: /v1/chat/completions or /v1/completions. Default: chat where the model answers there.',
};

/** Options of every command that can measure another server. */
export const TARGET_OPTIONS: readonly Option[] = [
  text(
    '--target',
    'URL',
    'An OpenAI-compatible server to measure instead of the page, such as http://127.0.0.1:8000 (docs/engines.md).',
  ),
  ...options({ ENDPOINT }),
  text('--api-key-env', 'NAME', 'With --target: the environment variable that holds its key.'),
  text('--header', "'K: V'", 'With --target: a header of every request.'),
  flag('--insecure', 'With --target: takes a self-signed certificate.'),
  flag('--retry-after', 'With --target: sends a rejected request again after its Retry-After.'),
];

export interface TargetChoice {
  readonly address: TargetAddress;
  readonly model: string | null;
  readonly endpoint: Endpoint | null;
  /** With the key, so never printed or written. */
  readonly headers: Readonly<Record<string, string>>;
  readonly insecure: boolean;
  readonly retryAfter: boolean;
  /** ms from the sending after which a request counts as expired. */
  readonly timeoutMs: number;
}

/** So long is waited for an answer where `--timeout-ms` does not say, ms. */
const LONGEST_ANSWER_MS = 600_000;

/** What has no meaning for a server with a scheduler of its own. `--timeout-ms` is the client's patience there. */
const OWN_FLAGS = [
  ...Object.values(SERVING_PARAMETERS)
    .map(({ flag: name }) => name)
    .filter((name) => name !== '--timeout-ms'),
  '--backend',
  '--headed',
];
const TARGET_FLAGS = TARGET_OPTIONS.map(({ flag: name }) => name).filter((name) => name !== '--target');

/**
 * @returns null without --target
 * @throws UsageError
 */
export function targetChoice(values: Values, environment: NodeJS.ProcessEnv): TargetChoice | null {
  const target = values.get('--target');
  if (typeof target !== 'string') {
    const alone = TARGET_FLAGS.find((name) => values.has(name));
    if (alone) throw new UsageError(`${alone} belongs to --target URL, which is not given.`);
    return null;
  }
  const own = OWN_FLAGS.find((name) => values.has(name));
  if (own)
    throw new UsageError(`${own} has no place beside --target: the server has a scheduler of its own.`);
  const model = values.get('--model');
  const timeoutMs = values.get('--timeout-ms');
  return {
    address: addressOf(target),
    model: typeof model === 'string' ? model : null,
    endpoint: ENDPOINTS.find((endpoint) => endpoint === values.get('--endpoint')) ?? null,
    headers: { ...headerOf(values.get('--header')), ...keyOf(values.get('--api-key-env'), environment) },
    insecure: values.has('--insecure'),
    retryAfter: values.has('--retry-after'),
    timeoutMs: typeof timeoutMs === 'number' && timeoutMs > 0 ? timeoutMs : LONGEST_ANSWER_MS,
  };
}

function addressOf(target: string): TargetAddress {
  try {
    return parseTarget(target);
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}

function keyOf(name: unknown, environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  if (typeof name !== 'string') return {};
  const key = environment[name];
  if (key) return { authorization: `Bearer ${key}` };
  throw new UsageError(
    `--api-key-env must name an environment variable that holds the key; given: "${name}", which is not set.`,
  );
}

/** A command line as it may be written down: of a header, its name alone. */
export const withoutSecrets = (args: readonly string[]): readonly string[] =>
  args.map((arg, index) => {
    if (args[index - 1] === '--header') return nameOnly(arg);
    return arg.startsWith('--header=') ? `--header=${nameOnly(arg.slice('--header='.length))}` : arg;
  });

const nameOnly = (header: string) => `${header.split(':')[0]}: (not kept)`;

function headerOf(header: unknown): Readonly<Record<string, string>> {
  if (typeof header !== 'string') return {};
  const [, name, value] = /^([\w-]+):\s*(\S.*)$/.exec(header) ?? [];
  if (name && value) return { [name.toLowerCase()]: value };
  // The value may be a secret.
  throw new UsageError(`--header must be 'Name: value'; given: "${header.split(':')[0]}".`);
}
