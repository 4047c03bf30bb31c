import { HeadwayError, toPlain } from '../../core/errors';
import type { ServingEvent } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import { samplingOf } from '../../core/sampling';
import type { ServeAsk, ServedRequest, ServeSays, ServeWord } from '../../core/serve-protocol';
import { type Phrasebook, promptTokens } from './phrasebook';
import { RunningText } from './running-text';

/** A WebSocket, as far as it is needed here. */
export interface ServeSocket {
  send(text: string): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

interface Surroundings {
  /** @throws HeadwayError `invalid-state` while no model is served */
  readonly book: () => Phrasebook;
  readonly nextId: () => RequestId;
  readonly submit: (request: ServingRequest) => void;
  readonly cancel: (ids: readonly RequestId[]) => void;
}

interface Served {
  /** The server's number of it. */
  readonly asked: ServedRequest;
  readonly request: ServingRequest;
  readonly texts: readonly RunningText[];
}

/**
 * Requests that `headway serve` took by HTTP, on their way through this page's engine: tokens in, text out. They go beside
 * the page's own traffic and count in its figures. When the socket closes, all of them are cancelled.
 */
export class ServedRequests {
  readonly #around: Surroundings;
  readonly #socket: ServeSocket;
  readonly #served = new Map<RequestId, Served>();
  readonly #idOf = new Map<number, RequestId>();
  #says: ServeWord[] = [];

  constructor(socket: ServeSocket, around: Surroundings) {
    this.#around = around;
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => this.#receive(JSON.parse(String(data))));
    socket.addEventListener('close', () => around.cancel([...this.#served.keys()]));
  }

  fold(event: ServingEvent): void {
    if (this.#served.size === 0) return;
    switch (event.type) {
      case 'enqueued':
        this.#of(event.id, ({ asked, request }) =>
          this.#say({ type: 'queued', id: asked.id, promptTokens: request.prompt.length }),
        );
        return;
      case 'started':
        for (const id of event.ids) this.#of(id, ({ asked }) => this.#say({ type: 'started', id: asked.id }));
        return;
      case 'step':
        event.ids.forEach((id, row) => {
          this.#token(id, event.sequences[row] ?? 0, event.tokens[row]);
        });
        return;
      case 'settled':
        this.#settle(event.id, event.settlement);
        return;
      default:
        return;
    }
  }

  #receive(ask: ServeAsk): void {
    try {
      this.#obey(ask);
    } catch (error) {
      this.#say({ type: 'refused', id: ask.id, error: toPlain(error) });
    }
  }

  #obey(ask: ServeAsk): void {
    switch (ask.type) {
      case 'request':
        this.#submit(ask);
        return;
      case 'cancel': {
        const id = this.#idOf.get(ask.id);
        if (id !== undefined) this.#around.cancel([id]);
        return;
      }
      case 'tokenize': {
        const tokens = promptTokens(ask.prompt, this.#around.book());
        this.#say({ type: 'tokens', id: ask.id, tokens });
        return;
      }
      case 'detokenize': {
        const text = this.#around.book().tokenizer.decode(ask.tokens);
        this.#say({ type: 'words', id: ask.id, text });
        return;
      }
    }
  }

  #submit(asked: ServedRequest): void {
    const book = this.#around.book();
    const prompt = promptTokens(asked.prompt, book);
    const maxNewTokens = allowance(asked, prompt.length, book.workload.contextLength);
    const { sequences, ignoreEos, temperature, topK, topP, seed, stop } = asked;
    const request: ServingRequest = {
      id: this.#around.nextId(),
      prompt,
      maxNewTokens,
      ignoreEos,
      sequences,
      priority: 0,
      sampling: samplingOf({ temperature, topK, topP }, seed),
    };
    const texts = Array.from({ length: sequences }, () => new RunningText(book.tokenizer, stop));
    this.#served.set(request.id, { asked, request, texts });
    this.#idOf.set(asked.id, request.id);
    this.#around.submit(request);
  }

  #token(id: RequestId, sequence: number, token: number | undefined): void {
    const served = this.#served.get(id);
    const running = served?.texts[sequence];
    if (!served || !running || running.stopped || token === undefined) return;
    const text = running.push(token);
    const { id: number } = served.asked;
    this.#say({ type: 'text', id: number, sequence, text, tokens: 1 });
    if (!running.stopped) return;
    this.#say({ type: 'ended', id: number, sequence, reason: 'stop' });
    // Nobody waits for the rest, so its slot is free for another.
    if (served.texts.every(({ stopped }) => stopped)) this.#around.cancel([id]);
  }

  #settle(id: RequestId, settlement: Extract<ServingEvent, { type: 'settled' }>['settlement']): void {
    const served = this.#served.get(id);
    if (!served) return;
    const { asked, request, texts } = served;
    this.#served.delete(id);
    this.#idOf.delete(asked.id);
    const allStopped = texts.every(({ stopped }) => stopped);
    if (settlement.outcome === 'completed' || allStopped) {
      texts.forEach((running, sequence) => {
        if (running.stopped) return;
        const text = running.end();
        if (text !== '') this.#say({ type: 'text', id: asked.id, sequence, text, tokens: 0 });
        const full = running.tokens >= request.maxNewTokens && !running.stopped;
        this.#say({ type: 'ended', id: asked.id, sequence, reason: full ? 'length' : 'stop' });
      });
    }
    const outcome = allStopped ? 'completed' : settlement.outcome;
    const message = 'message' in settlement && !allStopped ? settlement.message : null;
    this.#say({ type: 'settled', id: asked.id, outcome, message });
  }

  #of(id: RequestId, act: (served: Served) => void): void {
    const served = this.#served.get(id);
    if (served) act(served);
  }

  /** All of one turn leaves in one message. */
  #say(word: ServeWord): void {
    if (this.#says.push(word) > 1) return;
    queueMicrotask(() => {
      const message: ServeSays = { says: this.#says };
      this.#says = [];
      this.#socket.send(JSON.stringify(message));
    });
  }
}

/** @throws HeadwayError `prompt-too-long` */
function allowance({ maxTokens }: ServedRequest, prompt: number, context: number): number {
  const room = context - prompt;
  if (room < 1) {
    throw new HeadwayError(
      'prompt-too-long',
      `The prompt has ${prompt} tokens; at most ${context - 1} fit the model's context of ${context}.`,
    );
  }
  if (maxTokens === null || maxTokens <= room) return maxTokens ?? room;
  throw new HeadwayError(
    'prompt-too-long',
    `max_tokens must be at most ${room}: the model's context is ${context} tokens and the prompt has ${prompt}; given: ${maxTokens}.`,
  );
}

/** @throws HeadwayError `invalid-state` */
export function openSocket(url: string): Promise<ServeSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url);
    socket.onopen = () => resolve(socket);
    socket.onerror = () =>
      reject(
        new HeadwayError(
          'invalid-state',
          `The server at ${new URL(url).host} cannot be reached by WebSocket.`,
        ),
      );
  });
}
