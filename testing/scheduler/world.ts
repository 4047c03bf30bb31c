import type { Clock } from '../../src/core/clock';
import type { ServingEvent } from '../../src/core/events';
import type { RequestId, ServingRequest, Settlement } from '../../src/core/request';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../src/core/serving-config';
import { Scheduler } from '../../src/scheduler/scheduler';
import { simulatedAnswer, simulatedTokenOf } from '../../src/simulator/simulated-answer';
import { type CostModel, SimulatedBackend, type SimulatedPass } from '../../src/simulator/simulated-backend';
import { VirtualClock } from '../../src/simulator/virtual-clock';
import { type PassEntry, RecordedBackend } from './recorded-backend';

const COST: CostModel = { passMs: 4, prefillTokenMs: 0.1, decodeRowMs: 1 };
export const CONTEXT = 128;

/** A client's call, as it was made; what it brought about at once stands behind it. */
export interface CallEntry {
  readonly type: 'call';
  readonly at: number;
  readonly call: 'submit' | 'cancel' | 'configure' | 'drain' | 'lose';
  /** Of a submit or cancel. */
  readonly id: RequestId;
}

export type Entry = ServingEvent | PassEntry | CallEntry;

export interface WorldOptions {
  readonly passesAhead?: number;
  /** Slots that fit. */
  readonly most?: number;
  /** Devices that come after the first. */
  readonly renewals?: number;
  readonly cost?: CostModel;
  /** What a pass takes that costs `ms` and begins `at`, where it is not just that. */
  readonly passTime?: (ms: number, at: number) => number;
  /** Called when a pass ends, before its tokens are known. */
  readonly afterPass?: () => void;
  /** Receives every event; where it is set, the world keeps no log. */
  readonly emit?: (event: ServingEvent) => void;
}

/** What the next pass does instead of answering. */
export type Mishap = 'throws at once' | 'fails' | 'answers too few' | 'answers too many';

/** Everything else first: Node's queue of ticks is served when that of promises is empty. */
const turn = async (): Promise<void> => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};

/** A scheduler on the simulated backend, in virtual time, with all that was said and done. */
export class World {
  readonly clock = new VirtualClock(turn);
  readonly scheduler: Scheduler;
  readonly log: Entry[] = [];
  readonly submitted = new Map<RequestId, ServingRequest>();
  mishap: Mishap | null = null;
  drained = false;
  readonly #options: WorldOptions;
  readonly #lose: ((reason: string) => void)[] = [];

  constructor(config: Partial<ServingConfig> = {}, options: WorldOptions = {}) {
    this.#options = options;
    const { renewals = 0, emit = (event) => void this.log.push(event) } = options;
    this.scheduler = new Scheduler({
      backend: this.#newBackend(),
      clock: this.clock,
      config: { ...DEFAULT_SERVING_CONFIG, policy: 'static', ...config },
      emit,
      renew: async (warmingUp) => {
        if (this.#lose.length > renewals) throw new Error('no adapter any more');
        await this.clock.sleep(50);
        warmingUp();
        return this.#newBackend();
      },
    });
  }

  submit(...requests: readonly ServingRequest[]): void {
    for (const request of requests) {
      this.submitted.set(request.id, request);
      this.#call('submit', request.id);
      this.scheduler.submit(request);
    }
  }

  cancel(id: RequestId): void {
    this.#call('cancel', id);
    this.scheduler.cancel(id);
  }

  configure(changes: Partial<ServingConfig>): void {
    this.#call('configure');
    this.scheduler.configure(changes);
  }

  async drain(): Promise<void> {
    this.#call('drain');
    await this.scheduler.drain();
    this.drained = true;
  }

  /** The device in use goes away. */
  lose(reason = 'The GPU fell off.'): void {
    this.#call('lose');
    this.#lose.at(-1)?.(reason);
  }

  get devices(): number {
    return this.#lose.length;
  }

  of<T extends Entry['type']>(type: T): Extract<Entry, { type: T }>[] {
    return this.log.filter((entry): entry is Extract<Entry, { type: T }> => entry.type === type);
  }

  /** @throws if it has not settled exactly once */
  endOf(id: RequestId): Settlement & { readonly at: number } {
    const [end, ...more] = this.of('settled').filter((event) => event.id === id);
    if (!end || more.length > 0)
      throw new Error(`Request ${id} has settled ${more.length + (end ? 1 : 0)} times.`);
    return { ...end.settlement, at: end.at };
  }

  /** In the order of `ids`. */
  outcomes(...ids: readonly RequestId[]): string[] {
    return ids.map((id) => this.endOf(id).outcome);
  }

  tokensOf(id: RequestId, sequence = 0): number[] {
    return this.of('step').flatMap(({ ids, tokens, sequences }) =>
      tokens.filter((_, i) => ids[i] === id && sequences[i] === sequence),
    );
  }

  /** Who was let go together, and when. */
  starts(): { at: number; ids: readonly RequestId[] }[] {
    return this.of('started').map(({ at, ids }) => ({ at, ids }));
  }

  #call(call: CallEntry['call'], id: RequestId = -1): void {
    this.log.push({ type: 'call', at: this.clock.now(), call, id });
  }

  #newBackend(): SimulatedBackend {
    const lost = new Promise<string>((resolve) => this.#lose.push(resolve));
    const { cost = COST, passesAhead = 0, most, passTime = (ms) => ms } = this.#options;
    const clock: Clock = {
      now: () => this.clock.now(),
      sleep: (ms) => this.clock.sleep(passTime(ms, this.clock.now())),
    };
    const options = { clock, cost, passesAhead, lost, contextLength: CONTEXT };
    const afterPass = (pass: SimulatedPass) => this.#answer(pass);
    const record = (pass: PassEntry) => {
      this.log.push(pass);
      if (this.mishap !== 'throws at once') return;
      this.mishap = null;
      throw new Error('the call itself fails');
    };
    const parts = { ...options, afterPass, ...(most ? { most } : {}) };
    if (this.#options.emit) return new SimulatedBackend(parts);
    return new RecordedBackend(parts, { submitted: this.submitted, record });
  }

  #answer({ tokens }: SimulatedPass): readonly number[] {
    this.#options.afterPass?.();
    const { mishap } = this;
    if (mishap !== 'throws at once') this.mishap = null;
    switch (mishap) {
      case 'fails':
        throw new Error('device hiccup');
      case 'answers too few':
        return tokens.slice(1);
      case 'answers too many':
        return [...tokens, 1];
      case 'throws at once':
      case null:
        return tokens;
    }
  }
}

/** A request whose answer has `length` tokens, if its allowance lets it. */
export const request = (
  id: RequestId,
  length = 3,
  extra: Partial<ServingRequest> & { readonly promptTokens?: number } = {},
): ServingRequest => {
  const { promptTokens = 3, ...rest } = extra;
  return {
    id,
    prompt: [id, ...new Array<number>(promptTokens - 2).fill(5), length],
    maxNewTokens: 40,
    ignoreEos: false,
    sequences: 1,
    priority: 0,
    sampling: null,
    ...rest,
  };
};

/** All that the model says to a sequence of a request. */
export function answerTo(
  { prompt, sampling, maxNewTokens, ignoreEos }: ServingRequest,
  sequence = 0,
): number[] {
  const answer = simulatedAnswer(prompt, sampling && { ...sampling, seed: (sampling.seed + sequence) >>> 0 });
  const length = ignoreEos ? maxNewTokens : Math.min(answer.length, maxNewTokens);
  return Array.from({ length }, (_, i) => simulatedTokenOf(answer, i) ?? 0);
}

/** Forward passes that a sequence needs. */
export function passesFor(asked: ServingRequest, sequence: number): number {
  const tokens = answerTo(asked, sequence).length;
  return tokens < asked.maxNewTokens ? tokens + 1 : tokens;
}
