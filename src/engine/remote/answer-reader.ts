import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { FinishReason } from '../../core/request';

/** What an answer says, in its order, whichever way it arrived. */
export type Piece =
  | { readonly kind: 'text'; readonly sequence: number; readonly text: string }
  | { readonly kind: 'finish'; readonly sequence: number; readonly reason: FinishReason }
  | { readonly kind: 'usage'; readonly promptTokens: number | null; readonly outputTokens: number | null }
  /** @property status of the server's own error object, where it has one */
  | { readonly kind: 'error'; readonly message: string; readonly status: number | null }
  | { readonly kind: 'done' };

/** A line that goes on for longer is no event of an answer. */
const LONGEST_LINE = 1024 * 1024;

/**
 * Reads the body of an answer to `/v1/chat/completions` or `/v1/completions`: server-sent events as servers send them,
 * or one JSON object. Which of the two it is, its first character says, since content types are not to be relied on.
 */
export class AnswerReader {
  readonly #onPiece: (piece: Piece) => void;
  readonly #decoder = new TextDecoder();
  readonly #events: EventSourceParser;
  #form: 'unknown' | 'events' | 'json' = 'unknown';
  #json = '';

  constructor(onPiece: (piece: Piece) => void) {
    this.#onPiece = onPiece;
    this.#events = createParser({
      maxBufferSize: LONGEST_LINE,
      onEvent: ({ event, data }) => this.#readEvent(event, data),
      onError: ({ type, field, value }) => {
        if (type === 'max-buffer-size-exceeded')
          this.#fail(`an event of more than ${LONGEST_LINE} characters`);
        // Older servers of llama.cpp send a field of this name instead of data.
        else if (type === 'unknown-field' && field === 'error') this.#readData(value ?? '', true);
      },
    });
  }

  /** Whether the answer came as one JSON object, though a stream was asked for. Known after the first byte. */
  get isWhole(): boolean {
    return this.#form === 'json';
  }

  push(bytes: Uint8Array): void {
    this.#take(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The body is complete. An event without its empty line counts, since servers forget that as well. */
  end(): void {
    this.#take(this.#decoder.decode());
    if (this.#form === 'events') {
      this.#events.feed('\n\n');
      return;
    }
    if (this.#form === 'json') this.#readData(this.#json, false);
  }

  #take(text: string): void {
    if (text === '') return;
    if (this.#form === 'unknown') {
      const start = text.trimStart();
      if (start === '') return;
      this.#form = start.startsWith('{') ? 'json' : 'events';
    }
    if (this.#form === 'events') this.#events.feed(text);
    else if (this.#json.length + text.length <= LONGEST_LINE * 16) this.#json += text;
    else this.#fail('an answer of more than 16 million characters');
  }

  #readEvent(event: string | undefined, data: string): void {
    if (data.trim() === '[DONE]') this.#onPiece({ kind: 'done' });
    else this.#readData(data, event === 'error');
  }

  #readData(data: string, isError: boolean): void {
    let value: unknown;
    try {
      value = JSON.parse(data);
    } catch {
      if (isError) this.#onPiece({ kind: 'error', message: data.slice(0, 300), status: null });
      else this.#fail(`something that is not JSON: ${JSON.stringify(data.slice(0, 80))}`);
      return;
    }
    const error = errorOf(value, isError);
    if (error) this.#onPiece(error);
    else this.#readCompletion(value);
  }

  #readCompletion(value: unknown): void {
    const { choices, usage } = fields(value);
    if (Array.isArray(choices)) {
      choices.forEach((choice, place) => {
        this.#readChoice(fields(choice), place);
      });
    }
    const { prompt_tokens, completion_tokens } = fields(usage);
    const [promptTokens, outputTokens] = [count(prompt_tokens), count(completion_tokens)];
    if (promptTokens !== null || outputTokens !== null) {
      this.#onPiece({ kind: 'usage', promptTokens, outputTokens });
    }
  }

  #readChoice(choice: Readonly<Record<string, unknown>>, place: number): void {
    const sequence = count(choice.index) ?? place;
    const message = fields(choice.delta ?? choice.message);
    // A model that thinks aloud writes tokens of the same price.
    const parts = [message.reasoning_content ?? message.reasoning, message.content, choice.text];
    const text = parts.filter((part) => typeof part === 'string').join('');
    if (text !== '') this.#onPiece({ kind: 'text', sequence, text });
    if (typeof choice.finish_reason !== 'string') return;
    const reason = choice.finish_reason === 'length' ? 'length' : 'stop';
    this.#onPiece({ kind: 'finish', sequence, reason });
  }

  #fail(what: string): void {
    this.#onPiece({ kind: 'error', message: `The server sent ${what}.`, status: null });
  }
}

/** The server's error as OpenAI, vLLM, FastAPI and llama.cpp word it; null for a value that is none. */
export function errorOf(value: unknown, isError: boolean): Extract<Piece, { kind: 'error' }> | null {
  const { error, object, message, detail, code } = fields(value);
  if (typeof error === 'string') return { kind: 'error', message: error, status: statusOf(code) };
  if (error !== undefined && error !== null) {
    const inner = fields(error);
    return { kind: 'error', message: words(inner.message ?? error), status: statusOf(inner.code) };
  }
  if (!isError && object !== 'error' && detail === undefined) return null;
  return { kind: 'error', message: words(message ?? detail ?? value), status: statusOf(code) };
}

const words = (value: unknown) =>
  (typeof value === 'string' ? value : (JSON.stringify(value) ?? 'no reason given')).slice(0, 500);

const statusOf = (code: unknown) => (typeof code === 'number' && code >= 400 && code < 600 ? code : null);

const fields = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const count = (value: unknown): number | null =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : null;
