import type { FittedTwin } from '../core/calibration';
import type { ServingEvent } from '../core/events';
import type { RequestId, ServingRequest } from '../core/request';
import { StepFit } from './step-fit';

/** Delays kept of each kind, the latest. */
const KEPT = 512;

interface Sent {
  readonly prompt: readonly number[];
  readonly sent: number;
  /** Whether its answer tells where the model ends by itself, always the same. */
  readonly tells: boolean;
  tokens: number;
}

/**
 * Everything that a twin is made of, as seen from the clients' side: what steps cost, how long the ways between client and
 * engine are, and how long the model's answers to each prompt are.
 */
export class TwinFit {
  readonly #places: ReadonlyMap<readonly number[], number>;
  readonly #prompts: [tokens: number, answer: number | null][];
  readonly #steps = new StepFit();
  readonly #underWay = new Map<RequestId, Sent>();
  readonly #requestMs: number[] = [];
  readonly #answerMs: number[] = [];
  readonly #arrivalMs: number[] = [];

  /** @param prompts that the clients choose from */
  constructor(prompts: readonly (readonly number[])[]) {
    this.#places = new Map(prompts.map((prompt, place) => [prompt, place]));
    this.#prompts = prompts.map(({ length }) => [length, null]);
  }

  /** Steps seen so far. */
  get steps(): number {
    return this.#steps.steps;
  }

  /** @param open whether it came by itself, and not after an answer */
  sent(request: ServingRequest, scheduled: number, sent: number, open: boolean): void {
    const { id, prompt, ignoreEos, sequences, sampling } = request;
    if (open) keep(this.#arrivalMs, Math.max(0, sent - scheduled));
    this.#underWay.set(id, { prompt, sent, tells: !ignoreEos && sequences === 1 && !sampling, tokens: 0 });
  }

  /** @param now when it was heard, ms on the shared clock */
  fold(event: ServingEvent, now: number): void {
    this.#steps.fold(event);
    if (event.type === 'enqueued') {
      const request = this.#underWay.get(event.id);
      if (request) keep(this.#requestMs, Math.max(0, event.at - request.sent));
    } else if (event.type === 'step') {
      for (const id of event.ids) {
        const request = this.#underWay.get(id);
        if (request) request.tokens += 1;
      }
    } else if (event.type === 'settled') {
      const request = this.#underWay.get(event.id);
      this.#underWay.delete(event.id);
      if (!request || event.settlement.outcome !== 'completed') return;
      keep(this.#answerMs, Math.max(0, now - event.at));
      const place = this.#places.get(request.prompt);
      const prompt = place === undefined ? undefined : this.#prompts[place];
      if (prompt && request.tells && event.settlement.finishReason === 'stop') prompt[1] = request.tokens;
    }
  }

  /** @returns null while too little was seen */
  fitted(): FittedTwin | null {
    const fitted = this.#steps.fit();
    if (!fitted) return null;
    const { terms, residuals, ...rest } = fitted;
    return {
      ...rest,
      terms: { ...terms, decode_ms: terms.decode_ms.map(([rows, ms]) => [rows, ms]) },
      residuals: { prefill: [...residuals.prefill], decode: [...residuals.decode] },
      // Requests that find a blocked thread wait for it as well, so the shortest ways count.
      delays: {
        request_ms: quantile(this.#requestMs, 0.02),
        answer_ms: quantile(this.#answerMs, 0.5),
        arrival_ms: quantile(this.#arrivalMs, 0.5),
      },
      prompts: this.#prompts.map(([tokens, answer]) => [tokens, answer]),
    };
  }
}

function keep(list: number[], value: number): void {
  list.push(value);
  if (list.length >= 2 * KEPT) list.splice(0, KEPT);
}

function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}
