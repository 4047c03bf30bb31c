import type { ServingEvent } from '../../core/events';
import type { RequestId, Settlement } from '../../core/request';

/** What came back for one request so far. Stamps in ms. */
export interface Answer {
  readonly id: RequestId;
  readonly tokens: readonly number[];
  readonly firstToken: number | null;
  readonly end: { readonly at: number; readonly settlement: Settlement } | null;
}

interface Open {
  answer: { -readonly [Key in keyof Answer]: Answer[Key] } & { readonly tokens: number[] };
  readonly resolve: (answer: Answer) => void;
}

/** Keeps the tokens of the few requests whose text is shown. */
export class Answers {
  readonly #open = new Map<RequestId, Open>();

  /** To be called before the request is sent. Resolves when it has settled, however. */
  track(id: RequestId): Promise<Answer> {
    return new Promise((resolve) => {
      this.#open.set(id, { answer: { id, tokens: [], firstToken: null, end: null }, resolve });
    });
  }

  /** The answer so far of a request that is under way and tracked. */
  peek(id: RequestId): Answer | null {
    return this.#open.get(id)?.answer ?? null;
  }

  fold(event: ServingEvent): void {
    if (this.#open.size === 0) return;
    if (event.type === 'step') {
      event.ids.forEach((id, row) => {
        const token = event.tokens[row];
        const open = this.#open.get(id);
        if (!open || token === undefined || event.sequences[row] !== 0) return;
        open.answer.firstToken ??= event.at;
        open.answer.tokens.push(token);
      });
    } else if (event.type === 'settled') {
      const open = this.#open.get(event.id);
      if (!open) return;
      this.#open.delete(event.id);
      open.answer.end = { at: event.at, settlement: event.settlement };
      open.resolve(open.answer);
    }
  }
}
