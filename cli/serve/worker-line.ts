import type { ServeAsk, ServedRequest, ServeSays, ServeWord } from '../../src/core/serve-protocol';
import { ApiError } from './api-error';

/** The server's end of the WebSocket to the page's traffic worker. */
export interface LineSocket {
  send(text: string): void;
  on(event: 'message', listener: (data: { toString(): string }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
}

type Listener = (word: ServeWord) => void;

/** Numbers requests, and hands each its words as they come. When the page goes away, all of them fail. */
export class WorkerLine {
  readonly #socket: LineSocket;
  readonly #listeners = new Map<number, Listener>();
  #ids = 0;
  #open = true;
  #idle: (() => void)[] = [];

  constructor(socket: LineSocket) {
    this.#socket = socket;
    socket.on('message', (data) => this.#hear(JSON.parse(data.toString())));
    socket.on('close', () => this.#lose());
  }

  /** Requests that have not settled. */
  get underWay(): number {
    return this.#listeners.size;
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    if (this.#listeners.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** @returns the request's number, for `cancel` @throws ApiError 503 when the page is gone */
  request(asked: Omit<ServedRequest, 'type' | 'id'>, listener: Listener): number {
    return this.#ask((id) => ({ ...asked, type: 'request', id }), listener);
  }

  cancel(id: number): void {
    if (this.#listeners.has(id)) this.#socket.send(JSON.stringify({ type: 'cancel', id } satisfies ServeAsk));
  }

  /** A question with one answer. */
  query(make: (id: number) => ServeAsk): Promise<ServeWord> {
    return new Promise((resolve) => {
      this.#ask(make, resolve);
    });
  }

  #ask(make: (id: number) => ServeAsk, listener: Listener): number {
    if (!this.#open) throw new ApiError(503, 'The page that computes has gone away.');
    this.#ids += 1;
    this.#listeners.set(this.#ids, listener);
    this.#socket.send(JSON.stringify(make(this.#ids)));
    return this.#ids;
  }

  #hear({ says }: ServeSays): void {
    for (const word of says) {
      const listener = this.#listeners.get(word.id);
      if (LAST.includes(word.type)) this.#listeners.delete(word.id);
      listener?.(word);
    }
    this.#tellIdle();
  }

  #lose(): void {
    this.#open = false;
    const message = 'The page that computes has gone away.';
    for (const [id, listener] of [...this.#listeners]) {
      listener({ type: 'settled', id, outcome: 'failed', message });
    }
    this.#listeners.clear();
    this.#tellIdle();
  }

  #tellIdle(): void {
    if (this.#listeners.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}

const LAST: readonly ServeWord['type'][] = ['settled', 'refused', 'tokens', 'words'];
