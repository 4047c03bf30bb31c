import { randomUUID } from 'node:crypto';
import type { FinishReason, Outcome } from '../../src/core/request';
import type { ServeWord } from '../../src/core/serve-protocol';
import { ApiError, overloaded } from './api-error';
import type { ReadRequest } from './read-request';
import type { RequestClock } from './serve-metrics';

export type AnswerKind = 'chat' | 'completions';

/** Where an answer goes: to a client that waits for the whole of it, or to one that reads along. */
export interface AnswerSink {
  /** It was taken: from here on a stream is under way. */
  begin(): void;
  /** One event of a stream. */
  event(value: object): void;
  /** The last call: the whole answer, or the end of the stream. */
  done(whole: object): void;
  /** The last call instead. Of a stream that is under way it is an event. */
  fail(error: ApiError): void;
}

/** One request's words, turned into OpenAI's objects. */
export class Answer {
  readonly #id: string;
  readonly #created = Math.floor(Date.now() / 1000);
  readonly #kind: AnswerKind;
  readonly #model: string;
  readonly #asked: ReadRequest;
  readonly #sink: AnswerSink;
  readonly #clock: RequestClock;
  readonly #texts: string[];
  readonly #reasons: (FinishReason | null)[];
  #promptTokens = 0;
  #outputTokens = 0;

  constructor(kind: AnswerKind, model: string, asked: ReadRequest, sink: AnswerSink, clock: RequestClock) {
    this.#kind = kind;
    this.#id = `${kind === 'chat' ? 'chatcmpl' : 'cmpl'}-${randomUUID()}`;
    this.#model = model;
    this.#asked = asked;
    this.#sink = sink;
    this.#clock = clock;
    this.#texts = Array.from({ length: asked.request.sequences }, () => '');
    this.#reasons = this.#texts.map(() => null);
  }

  hear(word: ServeWord): void {
    switch (word.type) {
      case 'queued':
        this.#promptTokens = word.promptTokens;
        this.#clock.queued(word.promptTokens);
        this.#sink.begin();
        if (this.#kind === 'chat') {
          this.#texts.forEach((_, index) => {
            this.#chunk(index, { role: 'assistant', content: '' }, null);
          });
        }
        return;
      case 'started':
        this.#clock.started();
        return;
      case 'text':
        this.#outputTokens += word.tokens;
        this.#clock.tokens(word.tokens);
        this.#texts[word.sequence] += word.text;
        if (word.text !== '') this.#chunk(word.sequence, { content: word.text }, null);
        return;
      case 'ended':
        this.#reasons[word.sequence] = word.reason;
        this.#chunk(word.sequence, {}, word.reason);
        return;
      case 'settled':
        this.#settle(word.outcome, word.message);
        return;
      case 'refused':
        this.#clock.done('refused');
        this.#sink.fail(
          word.error.code === 'prompt-too-long' || word.error.code === 'invalid-request'
            ? new ApiError(400, word.error.message)
            : new ApiError(500, word.error.message),
        );
        return;
      case 'tokens':
      case 'words':
        return;
    }
  }

  #settle(outcome: Outcome, message: string | null): void {
    const [reason] = this.#reasons;
    this.#clock.done(outcome === 'completed' ? (reason ?? 'stop') : outcome);
    switch (outcome) {
      case 'completed':
        if (this.#asked.includeUsage)
          this.#sink.event({ ...this.#head(true), choices: [], usage: this.#usage() });
        this.#sink.done({ ...this.#head(false), choices: this.#choices(), usage: this.#usage() });
        return;
      case 'rejected':
        this.#sink.fail(overloaded(message ?? 'The queue is full.'));
        return;
      case 'expired':
        this.#sink.fail(
          new ApiError(504, 'The deadline passed before the answer was complete (--timeout-ms).'),
        );
        return;
      case 'cancelled':
        this.#sink.fail(new ApiError(499, 'The request was cancelled.'));
        return;
      case 'failed':
        this.#sink.fail(new ApiError(500, message ?? 'The engine failed.'));
        return;
    }
  }

  #chunk(
    index: number,
    delta: { readonly role?: string; readonly content?: string },
    reason: FinishReason | null,
  ): void {
    const part = this.#kind === 'chat' ? { delta } : { text: delta.content ?? '' };
    this.#sink.event({
      ...this.#head(true),
      choices: [{ index, ...part, logprobs: null, finish_reason: reason }],
      ...(this.#asked.includeUsage ? { usage: null } : {}),
    });
  }

  #choices(): readonly object[] {
    return this.#texts.map((text, index) => ({
      index,
      ...(this.#kind === 'chat' ? { message: { role: 'assistant', content: text } } : { text }),
      logprobs: null,
      finish_reason: this.#reasons[index] ?? 'stop',
    }));
  }

  #head(chunk: boolean) {
    const object =
      this.#kind === 'completions' ? 'text_completion' : `chat.completion${chunk ? '.chunk' : ''}`;
    return { id: this.#id, object, created: this.#created, model: this.#model };
  }

  #usage() {
    return {
      prompt_tokens: this.#promptTokens,
      completion_tokens: this.#outputTokens,
      total_tokens: this.#promptTokens + this.#outputTokens,
      // There is no prefix cache.
      prompt_tokens_details: { cached_tokens: 0 },
    };
  }
}
