import { HeadwayError } from './errors';

/** idle → loading → warming-up → ready ⇄ running → draining → closed, and from any of them → lost → loading. */
export type RunnerStatus =
  | 'idle'
  | 'loading'
  | 'warming-up'
  | 'ready'
  | 'running'
  | 'draining'
  | 'closed'
  | 'lost';

const NEXT: Readonly<Record<RunnerStatus, readonly RunnerStatus[]>> = {
  idle: ['loading', 'closed', 'lost'],
  loading: ['warming-up', 'idle', 'closed', 'lost'],
  'warming-up': ['ready', 'idle', 'closed', 'lost'],
  ready: ['running', 'draining', 'closed', 'lost'],
  running: ['ready', 'draining', 'closed', 'lost'],
  draining: ['closed', 'lost'],
  closed: [],
  lost: ['loading', 'closed'],
};

/** Where a runner stands. An operation that the status does not allow throws instead of doing half of it. */
export class StatusMachine {
  #current: RunnerStatus;
  readonly #changed: (status: RunnerStatus, reason: string | null) => void;

  constructor(changed: (status: RunnerStatus, reason: string | null) => void, start: RunnerStatus = 'idle') {
    this.#changed = changed;
    this.#current = start;
  }

  get current(): RunnerStatus {
    return this.#current;
  }

  /**
   * @param reason why it is lost
   * @throws HeadwayError `invalid-state` when `next` does not follow the present status
   */
  to(next: RunnerStatus, reason: string | null = null): void {
    if (!NEXT[this.#current].includes(next)) {
      throw new HeadwayError(
        'invalid-state',
        `A runner that is ${this.#current} cannot become ${next}; allowed: ${NEXT[this.#current].join(', ') || 'nothing'}.`,
      );
    }
    this.#current = next;
    this.#changed(next, reason);
  }
}
