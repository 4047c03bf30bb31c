import { ARRIVAL_USES, type ArrivalConfig } from '../core/load-config';
import type { Lengths, Trace } from '../core/trace';
import { onGrid } from './arrival-grid';
import { type CutTrace, cutTrace } from './traces/cut-trace';

/** One that is over sooner begins again no sooner than this, so that the loop has an end, ms. */
const SHORTEST_ROUND_MS = 1000;

/** Arrivals of a recorded load, once or again and again. Without a trace nothing ever arrives. */
export class TraceLoop {
  readonly #trace: Trace | null;
  readonly #repeats: boolean;
  #config: ArrivalConfig;
  #cut: CutTrace | null = null;
  /** When this round of it began, ms. */
  #begin = 0;
  #next = 0;
  #taken: Lengths | null = null;

  constructor(config: ArrivalConfig, trace: Trace | null, repeats: boolean, now: number) {
    this.#trace = trace;
    this.#repeats = repeats;
    this.#config = config;
    this.#start(now);
  }

  get nextDue(): number {
    if (!this.#cut || this.#next >= this.#cut.length) return Number.POSITIVE_INFINITY;
    return this.#begin + onGrid(this.#cut.timeOf(this.#next));
  }

  /** From one request to the next on average, as played, ms; 0 for less than two. */
  get meanGapMs(): number {
    return this.#cut && this.#cut.length > 1
      ? this.#cut.timeOf(this.#cut.length - 1) / (this.#cut.length - 1)
      : 0;
  }

  /** What the request taken last asked for. */
  get taken(): Lengths | null {
    return this.#taken;
  }

  /** A trace begins anew when anything about how it is played changes. */
  change(config: ArrivalConfig, now: number): void {
    const before = this.#config;
    this.#config = config;
    if (ARRIVAL_USES.trace.some((name) => config[name] !== before[name])) this.#start(now);
  }

  /** For so many ms nothing was played, so what is due comes so much later. */
  resume(pausedMs: number): void {
    this.#begin += onGrid(pausedMs);
  }

  /** @returns when the earliest arrival due by `now` was meant, or null */
  takeDue(now: number): number | null {
    const due = this.nextDue;
    if (!this.#cut || due > now) return null;
    const { promptTokens, outputTokens } = this.#cut;
    this.#taken = {
      promptTokens: promptTokens[this.#next] ?? 0,
      outputTokens: outputTokens[this.#next] ?? 0,
    };
    this.#next += 1;
    if (this.#repeats && this.#next === this.#cut.length) {
      this.#begin += onGrid(Math.max(SHORTEST_ROUND_MS, this.#cut.durationMs));
      this.#next = 0;
    }
    return due;
  }

  #start(now: number): void {
    this.#cut = this.#trace && cutTrace(this.#trace, this.#config);
    this.#begin = onGrid(now);
    this.#next = 0;
  }
}
