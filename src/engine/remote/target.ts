import { HeadwayError } from '../../core/errors';
import { AnswerReader } from './answer-reader';
import { settledByStatus } from './exchange';
import {
  ACCEPTED_STEPS,
  type AcceptedFields,
  type BodyOptions,
  ENDPOINT_PATHS,
  type Endpoint,
  requestBody,
} from './request-body';
import { type HttpAnswer, type HttpTransport, readWhole } from './transport';
import { PLAIN_RULER, type Ruler, rulerFrom, wordsOf } from './words';

/** Where a target is and how to speak to it, apart from its key. */
export interface TargetAddress {
  readonly origin: string;
  /** Path of the API: `/v1`, or what stands before it behind a proxy. */
  readonly basePath: string;
  /** `host:port`, for people and manifests. */
  readonly name: string;
}

/**
 * @param given `http://host:8000`, `https://host/v1` or any path that ends in the API's
 * @throws HeadwayError `invalid-parameter`
 */
export function parseTarget(given: string): TargetAddress {
  const wrong = (why: string) =>
    new HeadwayError(
      'invalid-parameter',
      `--target must be an http or https address such as http://127.0.0.1:8000 or https://host/v1; ${why}.`,
    );
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw wrong(`given: "${given}"`);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(`given: "${given}"`);
  if (url.username || url.password) {
    throw wrong('a name or password has no place in it (--api-key-env names the variable with the key)');
  }
  if (url.search || url.hash) throw wrong('a query or a fragment has no place in it');
  const path = url.pathname.replace(/\/+$/, '');
  const basePath = /\/v\d+$/.test(path) ? path : `${path}/v1`;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return { origin: url.origin, basePath, name: `${url.hostname}:${port}` };
}

export interface TargetWishes {
  readonly model: string | null;
  readonly endpoint: Endpoint | null;
}

/** A target that has answered once. */
export interface OpenTarget {
  readonly model: string;
  readonly endpoint: Endpoint;
  readonly accepts: AcceptedFields;
  /** Tokens of prompt and answer together, where the server says. */
  readonly contextLength: number | null;
  /** What texts of common words come to there. */
  readonly ruler: Ruler;
  /** What was found out on the way, as sentences for people. */
  readonly notes: readonly string[];
}

/** Short enough for the smallest context. */
const RULER_WORDS = [4, 20] as const;
const ANSWER_MS = 60_000;
const KEY_REFUSED: readonly number[] = [401, 403];
/** A field that the server does not know: it may answer without it. */
const FIELD_REFUSED: readonly number[] = [400, 422];

interface Asking {
  readonly transport: HttpTransport;
  readonly address: TargetAddress;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * Asks a target once: its models, and one answer of a token, so that a wrong key, an unknown model or a server that is
 * not there is an error before anything is measured.
 * @throws HeadwayError `backend-unavailable`
 */
export async function openTarget(asking: Asking, wishes: TargetWishes): Promise<OpenTarget> {
  const models = await modelsOf(asking);
  const model = wishes.model ?? models[0]?.id;
  if (model === undefined) {
    throw unavailable(asking, 'lists no model at /models, so --model NAME has to say which one is asked for');
  }
  const listed = models.find(({ id }) => id === model);
  const endpoints: readonly Endpoint[] = wishes.endpoint ? [wishes.endpoint] : ['chat', 'completions'];
  let refusal: HttpAnswer | null = null;
  for (const endpoint of endpoints) {
    for (const accepts of ACCEPTED_STEPS) {
      const answer = await ask(asking, 'POST', ENDPOINT_PATHS[endpoint], probe({ endpoint, model, accepts }));
      if (answer.status === 200) {
        const contextLength = listed?.contextLength ?? null;
        const ruler = await measureRuler(asking, { endpoint, model, accepts });
        const notes = notesOn(accepts, contextLength, ruler);
        return { model, endpoint, accepts, contextLength, ruler: ruler ?? PLAIN_RULER, notes };
      }
      // Where both endpoints refuse, the first one's reason is the one to read.
      refusal ??= answer;
      if (!FIELD_REFUSED.includes(answer.status)) break;
    }
    // Without a chat template, or without the endpoint, it may still complete text; without a key it may not.
    if (refusal && KEY_REFUSED.includes(refusal.status)) break;
  }
  throw refused(asking, refusal, models);
}

interface ListedModel {
  readonly id: string;
  readonly contextLength: number | null;
}

async function modelsOf(asking: Asking): Promise<readonly ListedModel[]> {
  const answer = await ask(asking, 'GET', '/models', null);
  if (KEY_REFUSED.includes(answer.status)) throw refused(asking, answer, []);
  if (answer.status !== 200) return [];
  try {
    const { data } = JSON.parse(answer.body) as { readonly data?: unknown };
    return Array.isArray(data) ? data.flatMap(listedModel) : [];
  } catch {
    throw unavailable(asking, `answers /models with something that is not JSON: ${answer.body.slice(0, 80)}`);
  }
}

function listedModel(entry: unknown): readonly ListedModel[] {
  if (typeof entry !== 'object' || entry === null) return [];
  const { id, max_model_len, context_length, meta } = entry as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string') return [];
  const slot = typeof meta === 'object' && meta !== null ? Reflect.get(meta, 'n_ctx') : undefined;
  const length = [max_model_len, context_length, slot].find((tokens) => Number.isInteger(tokens));
  return [{ id, contextLength: typeof length === 'number' ? length : null }];
}

/** Null where the server does not count prompts. */
async function measureRuler(asking: Asking, options: BodyOptions): Promise<Ruler | null> {
  const measured: { readonly words: number; readonly tokens: number }[] = [];
  for (const words of RULER_WORDS) {
    const body = JSON.parse(probe(options, wordsOf(words)));
    const { stream: _, stream_options: __, ...whole } = body;
    const answer = await ask(asking, 'POST', ENDPOINT_PATHS[options.endpoint], JSON.stringify(whole));
    let tokens: number | null = null;
    const reader = new AnswerReader((piece) => {
      if (piece.kind === 'usage') tokens = piece.promptTokens;
    });
    reader.push(new TextEncoder().encode(answer.body));
    reader.end();
    if (answer.status !== 200 || tokens === null) return null;
    measured.push({ words, tokens });
  }
  const [short, long] = measured;
  return short && long ? rulerFrom(short, long) : null;
}

function probe(options: BodyOptions, text = 'Hello'): string {
  const request = {
    id: 0,
    prompt: [],
    maxNewTokens: 1,
    ignoreEos: true,
    sequences: 1,
    priority: 0,
    sampling: null,
  };
  return requestBody(request, text, options);
}

async function ask(
  { transport, address, headers }: Asking,
  method: 'GET' | 'POST',
  path: string,
  body: string | null,
): Promise<HttpAnswer> {
  const type: Readonly<Record<string, string>> = body === null ? {} : { 'content-type': 'application/json' };
  const request = { method, path: `${address.basePath}${path}`, headers: { ...type, ...headers }, body };
  try {
    return await readWhole(transport, request, AbortSignal.timeout(ANSWER_MS));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HeadwayError('backend-unavailable', `${address.name} cannot be reached: ${reason}.`);
  }
}

const unavailable = ({ address }: Pick<Asking, 'address'>, what: string) =>
  new HeadwayError('backend-unavailable', `${address.name} ${what}.`);

function refused(asking: Asking, answer: HttpAnswer | null, models: readonly ListedModel[]): HeadwayError {
  if (!answer) return unavailable(asking, 'gave no answer');
  const settlement = settledByStatus(answer.status, answer.headers, answer.body);
  const reason = 'message' in settlement ? settlement.message : settlement.outcome;
  const key = KEY_REFUSED.includes(answer.status)
    ? ' --api-key-env NAME names the variable with the key.'
    : '';
  const known =
    answer.status === 404 && models.length > 0
      ? ` Its models are ${models.map(({ id }) => id).join(', ')}.`
      : '';
  return new HeadwayError(
    'backend-unavailable',
    `${asking.address.name} refused a first request: ${reason.replace(/\.$/, '')}.${known}${key}`,
  );
}

function notesOn(
  accepts: AcceptedFields,
  contextLength: number | null,
  ruler: Ruler | null,
): readonly string[] {
  return [
    accepts.forcedLength
      ? ''
      : 'It refuses ignore_eos and min_tokens: answers end where its model ends them.',
    accepts.streamOptions ? '' : 'It refuses stream_options: tokens are counted as chunks.',
    ruler ? '' : 'It does not count the tokens of prompts: a prompt of N tokens is N common words there.',
    contextLength === null ? 'It does not say how long its context is.' : '',
  ].filter(Boolean);
}
