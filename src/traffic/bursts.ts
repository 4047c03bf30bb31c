import type { Clock } from '../core/clock';
import { HeadwayError } from '../core/errors';
import type { LoadConfig } from '../core/load-config';
import type { RequestId } from '../core/request';
import type { Lengths, Trace } from '../core/trace';
import type { Submission } from './load-generator';
import { Patience } from './patience';
import { RequestSource, type Workload } from './request-source';
import { createRng } from './rng';
import { cutTrace } from './traces/cut-trace';

const MOST_REQUESTS = 10_000;

export interface BurstsOptions {
  readonly clock: Clock;
  readonly nextId: () => RequestId;
  /** May answer, with `settled`, before it returns. */
  readonly send: (submission: Submission) => void;
  /** The client of this request goes away; it still settles. */
  readonly abandon: (id: RequestId) => void;
}

/**
 * Requests that are sent all at once, on top of what the load sends. The n-th burst since the load was started depends on
 * the seed and n alone, and shifts nothing of the load's own.
 */
export class Bursts {
  readonly #options: BurstsOptions;
  readonly #patience = new Patience();
  #bursts = 0;

  constructor(options: BurstsOptions) {
    this.#options = options;
  }

  /** The next burst is the first again. */
  loadStarted(): void {
    this.#bursts = 0;
  }

  /**
   * Sends so many, shaped as the load's.
   * @param trace its first requests give the lengths where the load plays it
   * @throws HeadwayError `invalid-parameter`; nothing was sent then
   */
  send(count: number, config: LoadConfig, workload: Workload, trace: Trace | null): void {
    if (!Number.isInteger(count) || count < 1 || count > MOST_REQUESTS) {
      throw new HeadwayError(
        'invalid-parameter',
        `The requests of a burst must be a whole number from 1 to ${MOST_REQUESTS}; given: ${String(count)}.`,
      );
    }
    const { clock, nextId, send } = this.#options;
    this.#bursts += 1;
    const rng = createRng(config.seed).fork(`burst ${this.#bursts}`);
    const source = new RequestSource(workload, rng);
    const tempers = rng.fork('patience');
    const lengths = lengthsOf(config, trace);
    const scheduled = clock.now();
    for (let i = 0; i < count; i++) {
      const request = source.next(nextId(), config, lengths(i));
      const sent = clock.now();
      this.#patience.sent(request.id, sent, tempers.uniform(), config);
      send({ request, scheduled, sent });
    }
    void this.#loseImpatient(config.abandonAfterMs);
  }

  /** Every settlement comes here; those of others are ignored. */
  settled(id: RequestId): void {
    this.#patience.settled(id);
  }

  async #loseImpatient(afterMs: number): Promise<void> {
    const { clock, abandon } = this.#options;
    if (this.#patience.nextDue === Number.POSITIVE_INFINITY) return;
    const until = clock.now() + afterMs;
    await clock.sleep(afterMs);
    for (const id of this.#patience.takeDue(Math.max(until, clock.now()))) abandon(id);
  }
}

function lengthsOf(config: LoadConfig, trace: Trace | null): (index: number) => Lengths | null {
  const cut = config.arrival === 'trace' && trace ? cutTrace(trace, config) : null;
  if (!cut || cut.length === 0) return () => null;
  return (index) => ({
    promptTokens: cut.promptTokens[index % cut.length] ?? 0,
    outputTokens: cut.outputTokens[index % cut.length] ?? 0,
  });
}
