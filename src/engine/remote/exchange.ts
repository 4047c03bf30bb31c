import type { FinishReason, ServingRequest, Settlement } from '../../core/request';
import { AnswerReader, errorOf, type Piece } from './answer-reader';
import type { HttpHandler } from './transport';

/** What one exchange tells of its request. */
export interface ExchangeListener {
  /** One chunk with text, of one token or several. @param at ms, when its bytes arrived */
  onText(sequence: number, text: string, at: number): void;
  /** The last call. @param at ms */
  onEnd(end: ExchangeEnd): void;
}

export interface ExchangeEnd {
  readonly settlement: Settlement;
  readonly promptTokens: number | null;
  readonly outputTokens: number;
  /** `usage`: as the server counted. `chunks`: it did not say, so each chunk with text counts as a token. */
  readonly countedBy: 'usage' | 'chunks';
  /** Whether the answer came as one piece though a stream was asked for: its TTFT is its latency. */
  readonly whole: boolean;
  /** Seconds of `Retry-After`; null without one. */
  readonly retryAfterS: number | null;
}

const MOST_ERROR_TEXT = 64 * 1024;

/** One request from its first byte of answer to its outcome: what a status, a body and the end of a connection mean. */
export class Exchange implements HttpHandler {
  readonly #request: ServingRequest;
  readonly #listener: ExchangeListener;
  readonly #reader: AnswerReader;
  readonly #finished = new Map<number, FinishReason>();
  #status = 0;
  #headers: Readonly<Record<string, string>> = {};
  #errorText = '';
  #at = 0;
  #chunks = 0;
  #usage: Extract<Piece, { kind: 'usage' }> | null = null;
  #error: Extract<Piece, { kind: 'error' }> | null = null;
  #done = false;
  #ended = false;

  constructor(request: ServingRequest, listener: ExchangeListener) {
    this.#request = request;
    this.#listener = listener;
    this.#reader = new AnswerReader((piece) => this.#take(piece));
  }

  get ended(): boolean {
    return this.#ended;
  }

  onHead(status: number, headers: Readonly<Record<string, string>>): void {
    this.#status = status;
    this.#headers = headers;
  }

  onData(bytes: Uint8Array, at: number): void {
    if (this.#ended) return;
    this.#at = at;
    if (this.#status === 200) {
      this.#reader.push(bytes);
      // Neither waits for the connection, which a server may keep open for longer.
      if (this.#done || this.#error) this.#conclude();
    } else if (this.#errorText.length < MOST_ERROR_TEXT) {
      this.#errorText += new TextDecoder().decode(bytes);
    }
  }

  onEnd(): void {
    if (this.#ended) return;
    if (this.#status === 200) {
      this.#reader.end();
      this.#conclude();
    } else {
      this.end(settledByStatus(this.#status, this.#headers, this.#errorText));
    }
  }

  #conclude(): void {
    this.end(this.#error ? settledByError(this.#error) : this.#completion());
  }

  #completion(): Settlement {
    const [first] = this.#finished.values();
    if (this.#finished.size >= this.#request.sequences && first) {
      return { outcome: 'completed', finishReason: first };
    }
    // Some servers end with [DONE] and never say why; what they sent is the answer.
    if (this.#done && this.#chunks > 0) return { outcome: 'completed', finishReason: 'stop' };
    const got = this.#chunks === 0 ? 'without any text' : `after ${this.#chunks} chunks of text`;
    return {
      outcome: 'failed',
      message: `The answer ended ${got}, with neither a finish_reason nor [DONE].`,
    };
  }

  onError(message: string): void {
    if (this.#ended) return;
    const when = this.#chunks === 0 ? 'before any text arrived' : `after ${this.#chunks} chunks of text`;
    this.end({ outcome: 'failed', message: `The connection broke ${when}: ${message}.` });
  }

  /** For an end that does not come from the server: cancelled, or expired. */
  end(settlement: Settlement): void {
    if (this.#ended) return;
    this.#ended = true;
    const counted = this.#usage?.outputTokens ?? null;
    this.#listener.onEnd({
      settlement,
      promptTokens: this.#usage?.promptTokens ?? null,
      outputTokens: counted ?? this.#chunks,
      countedBy: counted === null ? 'chunks' : 'usage',
      whole: this.#reader.isWhole,
      retryAfterS: retryAfter(this.#headers['retry-after']),
    });
  }

  #take(piece: Piece): void {
    switch (piece.kind) {
      case 'text':
        this.#chunks += 1;
        this.#listener.onText(piece.sequence, piece.text, this.#at);
        return;
      case 'finish':
        this.#finished.set(piece.sequence, piece.reason);
        return;
      case 'usage':
        this.#usage = piece;
        return;
      case 'error':
        this.#error ??= piece;
        return;
      case 'done':
        this.#done = true;
        return;
    }
  }
}

/** 429 and 503: the server had no room. 408 and 504: a deadline. Everything else failed, for the reason that it gives. */
export function settledByStatus(
  status: number,
  headers: Readonly<Record<string, string>>,
  body: string,
): Settlement {
  if (status === 408 || status === 504) return { outcome: 'expired' };
  const message = `${status}: ${reasonIn(body)}`;
  if (status === 429 || status === 503) return { outcome: 'rejected', message };
  if (status >= 300 && status < 400) {
    const to = headers.location ? ` to ${originOf(headers.location)}` : '';
    return {
      outcome: 'failed',
      message: `${status}: The server redirects${to}; redirects are not followed.`,
    };
  }
  return { outcome: 'failed', message };
}

function settledByError({ status, message }: Extract<Piece, { kind: 'error' }>): Settlement {
  if (status === 408 || status === 504) return { outcome: 'expired' };
  if (status === 429 || status === 503) return { outcome: 'rejected', message };
  return { outcome: 'failed', message };
}

function reasonIn(body: string): string {
  if (body.trim() === '') return 'no reason given';
  try {
    return errorOf(JSON.parse(body), true)?.message ?? body.slice(0, 300);
  } catch {
    return body.trim().slice(0, 300);
  }
}

/** A query may hold a secret. */
const originOf = (location: string) => location.replace(/[?#].*$/, '');

function retryAfter(value: string | undefined): number | null {
  const seconds = Number(value);
  return value !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}
