import { randomInt, timingSafeEqual } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { ServedPrompt } from '../../src/core/serve-protocol';
import { Answer, type AnswerKind, type AnswerSink } from './answer';
import { ApiError, overloaded, wrongField } from './api-error';
import { readRequest } from './read-request';
import type { ServeMetrics } from './serve-metrics';
import type { WorkerLine } from './worker-line';

export interface ApiServerOptions {
  readonly line: WorkerLine;
  readonly metrics: ServeMetrics;
  readonly model: {
    readonly name: string;
    readonly contextLength: number;
    readonly vocabularySize: number;
  };
  /** Without a key, every program on this machine may send requests. */
  readonly key: string | null;
  /** Whether only this machine's own names are taken in the Host header, so that no web page can reach it by a name of its own. */
  readonly loopbackOnly: boolean;
  /** Whether it takes no new requests. */
  readonly draining: () => boolean;
}

/** A prompt of the longest context is far below it. */
const LARGEST_BODY = 4 * 1024 * 1024;
const LARGEST_HEADERS = 16 * 1024;
/** ms that a client may take to send its request. */
const REQUEST_MS = 30_000;
const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]', '::1'];

/** The page's engine under OpenAI's addresses. It listens when its caller says so. */
export function apiServer(options: ApiServerOptions): FastifyInstance {
  const { line, metrics, model, key } = options;
  const app = Fastify({
    logger: false,
    bodyLimit: LARGEST_BODY,
    requestTimeout: REQUEST_MS,
    http: { maxHeaderSize: LARGEST_HEADERS },
    forceCloseConnections: 'idle',
  });
  // A web page can send text without being asked for permission; JSON it cannot.
  app.removeContentTypeParser('text/plain');
  app.addHook('onRequest', async (request) => {
    if (options.loopbackOnly) checkHost(request);
    if (key !== null && !OPEN.includes(request.routeOptions.url ?? '')) checkKey(request, key);
  });
  app.setErrorHandler((error, _, reply) => sendError(reply, apiErrorOf(error)));
  app.setNotFoundHandler((request, reply) =>
    sendError(reply, new ApiError(404, `There is no ${request.method} ${request.url.replace(/\?.*$/, '')}.`)),
  );

  app.get('/health', async (_, reply) => {
    if (options.draining()) throw overloaded('The server is shutting down.');
    return reply.send({ status: 'ok' });
  });
  app.get('/metrics', async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  app.get('/v1/models', async () => ({ object: 'list', data: [listed(model)] }));
  app.get<{ Params: { name: string } }>('/v1/models/:name', async ({ params: { name } }) => {
    if (name === model.name) return listed(model);
    throw new ApiError(404, `The model "${name}" is not served here; "${model.name}" is.`, 'model');
  });
  for (const kind of ['chat', 'completions'] as const) {
    app.post(kind === 'chat' ? '/v1/chat/completions' : '/v1/completions', (request, reply) =>
      complete(kind, request, reply, options),
    );
  }
  app.post('/tokenize', async ({ body }) => {
    const prompt = tokenizedPrompt(body);
    const word = await line.query((id) => ({ type: 'tokenize', id, prompt }));
    if (word.type !== 'tokens')
      throw new ApiError(400, 'error' in word ? word.error.message : 'The page went away.');
    return { tokens: word.tokens, count: word.tokens.length, max_model_len: model.contextLength };
  });
  app.post('/detokenize', async ({ body }) => {
    const tokens = fieldOf(body, 'tokens');
    const isToken = (token: unknown) =>
      Number.isInteger(token) && Number(token) >= 0 && Number(token) < model.vocabularySize;
    if (!Array.isArray(tokens) || !tokens.every(isToken)) {
      throw wrongField('tokens', `a list of token ids from 0 to ${model.vocabularySize - 1}`, tokens);
    }
    const word = await line.query((id) => ({ type: 'detokenize', id, tokens }));
    if (word.type !== 'words')
      throw new ApiError(500, 'error' in word ? word.error.message : 'The page went away.');
    return { prompt: word.text };
  });
  return app;
}

/** What is answered without a key, as other servers do: whether it lives, and its figures. */
const OPEN = ['/health', '/metrics'];

function checkHost({ headers, hostname }: FastifyRequest): void {
  if (LOOPBACK_NAMES.includes(hostname)) return;
  throw new ApiError(
    403,
    `This server answers to ${LOOPBACK_NAMES.slice(0, 3).join(', ')}; the request is for "${headers.host ?? ''}".`,
  );
}

function checkKey({ headers }: FastifyRequest, key: string): void {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  if (given.length === wanted.length && timingSafeEqual(given, wanted)) return;
  throw new ApiError(
    401,
    given.length === 0 ? 'A key is needed: Authorization: Bearer KEY.' : 'Incorrect API key provided.',
  );
}

const listed = ({ name, contextLength }: ApiServerOptions['model']) => ({
  id: name,
  object: 'model',
  created: 0,
  owned_by: 'headway',
  max_model_len: contextLength,
});

function complete(
  kind: AnswerKind,
  request: FastifyRequest,
  reply: FastifyReply,
  options: ApiServerOptions,
): void {
  const { line, metrics, model } = options;
  if (options.draining()) throw overloaded('The server is shutting down.');
  const asked = readRequest(request.body, kind, {
    model: model.name,
    vocabularySize: model.vocabularySize,
    randomSeed: () => randomInt(2 ** 32),
  });
  const sink = asked.stream ? streamSink(reply) : wholeSink(reply);
  const answer = new Answer(kind, model.name, asked, sink, metrics.request());
  const id = line.request(asked.request, (word) => answer.hear(word));
  // Closed before its end: the client has gone away, and what computes for it should not.
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished) line.cancel(id);
  });
}

const wholeSink = (reply: FastifyReply): AnswerSink => ({
  begin: () => {},
  event: () => {},
  done: (whole) => void reply.send(whole),
  fail: (error) => sendError(reply, error),
});

function streamSink(reply: FastifyReply): AnswerSink {
  const { raw } = reply;
  let begun = false;
  const write = (data: string) => raw.writable && raw.write(`data: ${data}\n\n`);
  return {
    begin: () => {
      begun = true;
      reply.hijack();
      raw.writeHead(200, {
        'Content-Type': 'text/event-stream; charset=utf-8',
        'Cache-Control': 'no-cache',
        'X-Accel-Buffering': 'no',
      });
    },
    event: (value) => void write(JSON.stringify(value)),
    done: () => {
      write('[DONE]');
      raw.end();
    },
    fail: (error) => {
      if (!begun) return sendError(reply, error);
      write(JSON.stringify(error.body));
      raw.end();
    },
  };
}

function sendError(reply: FastifyReply, error: ApiError): void {
  if (reply.raw.destroyed) return;
  void reply.status(error.status).headers(error.headers).send(error.body);
}

/** Fastify's own, for what never became a request, in the same form. */
function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const status = Reflect.get(Object(error), 'statusCode');
  if (status === 413) return new ApiError(413, `The body must have at most ${LARGEST_BODY} bytes.`);
  if (status === 415) return new ApiError(415, 'The body must be JSON, with Content-Type: application/json.');
  const message = error instanceof Error ? error.message : String(error);
  if (typeof status === 'number' && status >= 400 && status < 500) return new ApiError(status, message);
  return new ApiError(500, message);
}

function tokenizedPrompt(body: unknown): ServedPrompt {
  const prompt = fieldOf(body, 'prompt');
  if (typeof prompt === 'string') return { kind: 'text', text: prompt };
  throw wrongField('prompt', 'a text', prompt);
}

const fieldOf = (body: unknown, name: string): unknown =>
  typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
