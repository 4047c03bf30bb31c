import { OUTCOMES, type Outcome } from '../core/request';
import { MsHistogram } from './histogram';

export const SLOT_MS = 1000;

export const noOutcomes = (): Record<Outcome, number> =>
  Object.fromEntries(OUTCOMES.map((outcome) => [outcome, 0])) as Record<Outcome, number>;

/** Everything that was counted in one second; a window is some of these added up. */
export class Slot {
  readonly latency = new MsHistogram();
  readonly ttft = new MsHistogram();
  readonly tpot = new MsHistogram();
  readonly queueTime = new MsHistogram();
  readonly sendLag = new MsHistogram();
  outcomes = noOutcomes();
  /** Settled requests that were judged by the SLO in force, and those of them that met it. */
  judged = 0;
  good = 0;
  /** Sum of `finished − sent` over all that settled, ms. */
  residenceMs = 0;
  sent = 0;
  tokens = 0;
  batchFill: number[] = [];
  decodeRows = 0;
  usefulRows = 0;
  /** Requests in flight at the end less those at the beginning. */
  net = 0;
  /** What its comings and goings add to ∫ in flight dt up to the slot's end, request·ms. */
  netArea = 0;
  /** Which second this is, from the clock's zero. */
  second = -1;

  reuse(second: number): void {
    for (const times of [this.latency, this.ttft, this.tpot, this.queueTime, this.sendLag]) times.clear();
    this.outcomes = noOutcomes();
    this.batchFill = [];
    this.judged = this.good = this.residenceMs = this.sent = this.tokens = 0;
    this.decodeRows = this.usefulRows = this.net = this.netArea = 0;
    this.second = second;
  }

  get start(): number {
    return this.second * SLOT_MS;
  }

  get end(): number {
    return this.start + SLOT_MS;
  }

  get settled(): number {
    return OUTCOMES.reduce((sum, outcome) => sum + this.outcomes[outcome], 0);
  }

  countBatch(members: number): void {
    while (this.batchFill.length <= members) this.batchFill.push(0);
    this.batchFill[members] = (this.batchFill[members] ?? 0) + 1;
  }

  /** `change` requests more (or less) are in flight from `at` on. */
  countInFlight(change: number, at: number): void {
    this.net += change;
    this.netArea += change * (this.end - at);
  }

  /** ∫ in flight dt from the slot's start to `until` ≤ its end, with `level` in flight at its start. */
  area(level: number, until: number): number {
    return level * (until - this.start) + this.netArea - this.net * (this.end - until);
  }
}
