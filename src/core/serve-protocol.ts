import type { PlainError } from './errors';
import type { FinishReason, Outcome } from './request';

/**
 * What `headway serve` and the page's traffic worker say to each other over one WebSocket, as JSON: requests that came by
 * HTTP go in, their text comes out. Numbers of requests are the server's own.
 */
export type ServeAsk =
  | ServedRequest
  | { readonly type: 'cancel'; readonly id: number }
  | { readonly type: 'tokenize'; readonly id: number; readonly prompt: ServedPrompt }
  | { readonly type: 'detokenize'; readonly id: number; readonly tokens: readonly number[] };

export type ServedPrompt =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tokens'; readonly tokens: readonly number[] }
  | { readonly kind: 'chat'; readonly messages: readonly ServedMessage[] };

export interface ServedMessage {
  readonly role: string;
  readonly content: string;
}

export interface ServedRequest {
  readonly type: 'request';
  readonly id: number;
  readonly prompt: ServedPrompt;
  /** Null: as far as the context goes. */
  readonly maxTokens: number | null;
  readonly ignoreEos: boolean;
  readonly sequences: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  /** Texts that end a sequence; they are not part of it. */
  readonly stop: readonly string[];
}

/** All that came of one turn of the worker. */
export interface ServeSays {
  readonly says: readonly ServeWord[];
}

export type ServeWord =
  /** It has a place in the queue. */
  | { readonly type: 'queued'; readonly id: number; readonly promptTokens: number }
  | { readonly type: 'started'; readonly id: number }
  /** @property tokens that it came to; text may be behind them, where a character is not complete */
  | {
      readonly type: 'text';
      readonly id: number;
      readonly sequence: number;
      readonly text: string;
      readonly tokens: number;
    }
  | {
      readonly type: 'ended';
      readonly id: number;
      readonly sequence: number;
      readonly reason: FinishReason;
    }
  /** The last of a request, whatever came before. */
  | {
      readonly type: 'settled';
      readonly id: number;
      readonly outcome: Outcome;
      readonly message: string | null;
    }
  /** It never became a request: its prompt or its allowance cannot be. Also the last of it. */
  | { readonly type: 'refused'; readonly id: number; readonly error: PlainError }
  | { readonly type: 'tokens'; readonly id: number; readonly tokens: readonly number[] }
  | { readonly type: 'words'; readonly id: number; readonly text: string };
