import type { Clock } from '../../core/clock';
import type { TraceFile } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import type { LoadConfig } from '../../core/load-config';
import type { Trace, TraceInfo, TracePreview } from '../../core/trace';
import { cutTrace } from '../../traffic/traces/cut-trace';
import { previewTrace } from '../../traffic/traces/trace-preview';
import { type LoadedTrace, readTraceFile } from './read-trace-file';

/** Keeps the one trace that `trace` arrivals play. */
export class TraceShelf {
  readonly #clock: Clock;
  #loaded: LoadedTrace | null = null;
  #asked = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get trace(): Trace | null {
    return this.#loaded?.trace ?? null;
  }

  /** Of several that are read at once, the last that was asked for is kept. @throws HeadwayError `invalid-trace` */
  async read(file: TraceFile): Promise<TraceInfo> {
    this.#asked += 1;
    const asked = this.#asked;
    const loaded = await readTraceFile(file, () => this.#clock.sleep(0));
    if (asked === this.#asked) this.#loaded = loaded;
    return loaded.info;
  }

  preview(load: LoadConfig, contextLength: number | null): TracePreview | null {
    return this.trace && previewTrace(this.trace, load, contextLength);
  }

  /**
   * What a measured run with this load plays; null for other arrivals.
   * @throws HeadwayError `invalid-state` without a trace, `invalid-parameter` when nothing of it would be played
   */
  played(load: LoadConfig): LoadedTrace | null {
    if (load.arrival !== 'trace') return null;
    if (!this.#loaded) {
      throw new HeadwayError(
        'invalid-state',
        'No trace is loaded for arrival (--arrival) trace; give one first.',
      );
    }
    const { trace, info } = this.#loaded;
    if (cutTrace(trace, load).length > 0) return this.#loaded;
    throw new HeadwayError(
      'invalid-parameter',
      `traceFromS (--trace-from-s) and traceToS (--trace-to-s) must leave a request of ${info.name}, which has ` +
        `${info.requests} in ${info.durationS} s; given: ${load.traceFromS} and ${load.traceToS}.`,
    );
  }
}
