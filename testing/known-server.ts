import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Every way in which servers really answer, and really fail. */
export const FAULTS = [
  'split', // the bytes of an event are split anywhere, inside a UTF-8 sequence too
  'packed', // several events leave in one packet
  'crlf', // lines end as on Windows
  'comments', // keep-alive comments between the events, and one ahead of the first
  'no-done', // the stream ends behind the finish_reason
  'no-usage', // usage is never told
  'chunky', // several tokens a chunk
  'whole', // one JSON object instead of a stream
  'gzip', // the stream is compressed
  'error-in-stream', // an error object after some tokens
  'error-200', // 200 with an error object
  'garbage', // an event that is not JSON
  'cut', // the stream ends in the middle of the answer, politely
  'reset', // the connection breaks in the middle of the answer
  'stall', // nothing comes after some tokens
  'busy-429', // no room, with Retry-After
  'busy-503',
  'late-504',
  'redirect', // to somewhere else, where a key would be read
  'crash-500',
] as const;
export type Fault = (typeof FAULTS)[number];

export interface KnownServerOptions {
  /** ms from the admission of a request to its first token, and from token to token. */
  readonly ttftMs: number;
  readonly itlMs: number;
  /** Requests that are answered at a time; the others wait in a queue of `queue` places. */
  readonly concurrency?: number;
  readonly queue?: number;
  /** Tokens of an answer that is not forced to a length. */
  readonly tokens?: number;
  /** Whether `ignore_eos` and `min_tokens` are heard. */
  readonly forcesLength?: boolean;
  /** Names of fields that are refused with 400. */
  readonly refuses?: readonly string[];
  readonly key?: string;
  readonly models?: readonly string[];
  readonly contextLength?: number;
}

interface Asked {
  readonly model?: string;
  readonly max_tokens?: number;
  readonly ignore_eos?: boolean;
  readonly stream?: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  readonly messages?: readonly { readonly content: string }[];
  readonly prompt?: string;
}

/** Two bytes, three bytes and four bytes in UTF-8 are among them, so that a split inside a character shows. */
const WORDS = [' die', ' Straße', ' führt', ' zum', ' 海', ' 🌊', ' und', ' weiter'];
const CHUNK = 4;

/**
 * An OpenAI-compatible server of known truth: TTFT, ITL and throughput are set, so a client's figures can be checked,
 * and it makes each fault on demand. It keeps what it was asked, for tests.
 */
export class KnownServer {
  /** Made from now on; null for good behaviour. */
  fault: Fault | null = null;
  /** What every answer waits for before it begins. */
  gate: Promise<void> = Promise.resolve();
  readonly asked: {
    readonly path: string;
    readonly headers: IncomingMessage['headers'];
    readonly body: Asked;
  }[] = [];
  /** Answers whose client closed the connection before their end. */
  abandoned = 0;
  running = 0;
  readonly #options: KnownServerOptions;
  readonly #server: Server;
  readonly #waiting: (() => void)[] = [];

  private constructor(options: KnownServerOptions) {
    this.#options = options;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.keepAliveTimeout = 30_000;
  }

  static async start(options: KnownServerOptions): Promise<KnownServer> {
    const known = new KnownServer(options);
    await new Promise<void>((resolve) => known.#server.listen(0, '127.0.0.1', 4096, resolve));
    return known;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const { key, models = ['known'], contextLength = 4096 } = this.#options;
    if (path === '/metrics') {
      return send(response, 200, `vllm:num_requests_running{model_name="known"} ${this.running}\n`);
    }
    if (key !== undefined && request.headers.authorization !== `Bearer ${key}`) {
      return sendJson(response, 401, {
        error: { message: 'Incorrect API key provided.', type: 'invalid_request_error' },
      });
    }
    if (path === '/v1/models') {
      return sendJson(response, 200, { data: models.map((id) => ({ id, max_model_len: contextLength })) });
    }
    if (path !== '/v1/chat/completions' && path !== '/v1/completions')
      return sendJson(response, 404, { detail: 'Not Found' });
    const body: Asked = JSON.parse(await textOf(request));
    this.asked.push({ path, headers: request.headers, body });
    const unknown = this.#options.refuses?.find((field) => field in body);
    if (unknown) return sendJson(response, 400, { error: { message: `Unexpected field: ${unknown}` } });
    if (!models.includes(body.model ?? '')) {
      return sendJson(response, 404, { error: { message: `The model ${body.model} does not exist.` } });
    }
    if (this.#refuse(response)) return;
    await this.#admit(response, () => this.#answer(body, path.includes('chat'), response));
  }

  /** Faults that need no room. @returns whether that was the answer */
  #refuse(response: ServerResponse): boolean {
    const error = (message: string) => ({ error: { message } });
    switch (this.fault) {
      case 'busy-429':
        response.setHeader('Retry-After', '1');
        sendJson(response, 429, error('Too many requests.'));
        return true;
      case 'busy-503':
        sendJson(response, 503, error('The queue is full.'));
        return true;
      case 'late-504':
        sendJson(response, 504, error('Upstream timed out.'));
        return true;
      case 'redirect':
        response.setHeader('Location', 'http://127.0.0.2:1/v1/chat/completions?token=secret');
        send(response, 307, '');
        return true;
      case 'crash-500':
        send(response, 500, 'Internal Server Error');
        return true;
      case 'error-200':
        sendJson(response, 200, { object: 'error', message: 'CUDA out of memory.', code: 500 });
        return true;
      default:
        return false;
    }
  }

  async #admit(response: ServerResponse, answer: () => Promise<void>): Promise<void> {
    const { concurrency = Number.POSITIVE_INFINITY, queue = Number.POSITIVE_INFINITY } = this.#options;
    if (this.running >= concurrency) {
      if (this.#waiting.length >= queue) {
        response.setHeader('Retry-After', '1');
        return sendJson(response, 503, { error: { message: 'The queue is full.' } });
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.running += 1;
    }
    try {
      await this.gate;
      await answer();
    } finally {
      const next = this.#waiting.shift();
      // The place is handed on, so that nobody takes it in between.
      if (next) next();
      else this.running -= 1;
    }
  }

  async #answer(body: Asked, chat: boolean, response: ServerResponse): Promise<void> {
    const { ttftMs, itlMs, tokens: own = 16, forcesLength = true } = this.#options;
    const allowance = body.max_tokens ?? own;
    const tokens = body.ignore_eos && forcesLength ? allowance : Math.min(allowance, own);
    const finish = tokens === allowance ? 'length' : 'stop';
    const prompt = body.prompt ?? body.messages?.map(({ content }) => content).join(' ') ?? '';
    const usage = {
      prompt_tokens: prompt.split(' ').length,
      completion_tokens: tokens,
      total_tokens: prompt.split(' ').length + tokens,
    };
    const from = performance.now();
    if (this.fault === 'whole' || body.stream !== true) {
      await until(from + ttftMs + itlMs * (tokens - 1));
      const text = Array.from({ length: tokens }, (_, i) => wordAt(i)).join('');
      const choice = { index: 0, finish_reason: finish };
      const choices = [
        chat ? { ...choice, message: { role: 'assistant', content: text } } : { ...choice, text },
      ];
      return sendJson(response, 200, { choices, usage });
    }
    const stream = new EventStream(response, this.fault);
    let gone = false;
    response.on('close', () => {
      if (response.writableFinished) return;
      gone = true;
      this.abandoned += 1;
    });
    if (chat) stream.event({ choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] });
    const many = this.fault === 'chunky' ? CHUNK : 1;
    for (let sent = 0; sent < tokens && !gone; sent += many) {
      await until(from + ttftMs + itlMs * sent);
      if (sent >= tokens / 2 && this.#breakOff(stream, response)) return;
      const text = Array.from({ length: Math.min(many, tokens - sent) }, (_, i) => wordAt(sent + i)).join('');
      stream.event({ choices: [{ index: 0, ...(chat ? { delta: { content: text } } : { text }) }] });
    }
    if (gone) return;
    stream.event({
      choices: [{ index: 0, ...(chat ? { delta: {} } : { text: '' }), finish_reason: finish }],
    });
    if (body.stream_options?.include_usage && this.fault !== 'no-usage') stream.event({ choices: [], usage });
    if (this.fault !== 'no-done') stream.data('[DONE]');
    stream.end();
  }

  /** @returns whether the answer is over, or never will be */
  #breakOff(stream: EventStream, response: ServerResponse): boolean {
    switch (this.fault) {
      case 'error-in-stream':
        stream.event({ error: { message: 'The engine died.', code: 500 } });
        stream.end();
        return true;
      case 'garbage':
        stream.data('{"choices": [{"delta": ');
        stream.end();
        return true;
      case 'cut':
        stream.end();
        return true;
      case 'reset':
        response.socket?.resetAndDestroy();
        return true;
      case 'stall':
        return true;
      default:
        return false;
    }
  }
}

/** Server-sent events on the wire, in the way of a fault. */
class EventStream {
  readonly #response: ServerResponse;
  readonly #fault: Fault | null;
  #held: Buffer[] = [];

  constructor(response: ServerResponse, fault: Fault | null) {
    this.#response = response;
    this.#fault = fault;
    response.writeHead(200, {
      'Content-Type': 'text/event-stream',
      ...(fault === 'gzip' ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.socket?.setNoDelay(true);
    if (fault === 'comments') this.#write(Buffer.from(': waiting\n\n: still waiting\n\n'));
  }

  event(value: object): void {
    this.data(JSON.stringify(value));
  }

  data(data: string): void {
    const end = this.#fault === 'crlf' ? '\r\n' : '\n';
    const comment = this.#fault === 'comments' ? `: ping${end}${end}` : '';
    const bytes = Buffer.from(`${comment}data: ${data}${end}${end}`);
    if (this.#fault === 'packed' || this.#fault === 'gzip') {
      this.#held.push(bytes);
      if (this.#held.length >= CHUNK || data === '[DONE]') this.#flush();
    } else if (this.#fault === 'split') {
      // Three bytes a packet fall into most characters that have several.
      for (let at = 0; at < bytes.length; at += 3) this.#write(bytes.subarray(at, at + 3));
    } else {
      this.#write(bytes);
    }
  }

  end(): void {
    this.#flush();
    this.#response.end();
  }

  #flush(): void {
    if (this.#held.length === 0) return;
    const bytes = Buffer.concat(this.#held);
    this.#held = [];
    // Members of gzip one after the other are gzip.
    this.#write(this.#fault === 'gzip' ? gzipSync(bytes) : bytes);
  }

  #write(bytes: Buffer): void {
    this.#response.write(bytes);
  }
}

const wordAt = (index: number) => WORDS[index % WORDS.length] ?? '';

/** @param at ms of `performance.now()`; a timer alone would add its own lateness at every token */
function until(at: number): Promise<void> {
  const ms = at - performance.now();
  return ms <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, Math.ceil(ms)));
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain' });
  response.end(text);
}

function sendJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(value));
}
