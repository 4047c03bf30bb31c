import type { Clock } from '../../core/clock';
import type { TraceFile } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import { sha256 } from '../../core/hash';
import type { LoadConfig } from '../../core/load-config';
import type { LoadedTrace, Trace, TraceInfo, TracePreview } from '../../core/trace';
import { cutTrace, unitProblem } from '../../traffic/traces/cut-trace';
import { previewTrace } from '../../traffic/traces/trace-preview';
import { TraceReader, traceInfo } from '../../traffic/traces/trace-reader';

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
  async read(file: TraceFile | LoadedTrace): Promise<TraceInfo> {
    this.#asked += 1;
    const asked = this.#asked;
    const loaded = 'info' in file ? file : await readTraceFile(file, () => this.#clock.sleep(0));
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
    const wrong = unitProblem(trace, load.traceUnit);
    if (wrong) throw new HeadwayError('invalid-parameter', wrong);
    if (cutTrace(trace, load).length > 0) return this.#loaded;
    throw new HeadwayError(
      'invalid-parameter',
      `traceFromS (--trace-from-s) and traceToS (--trace-to-s) must leave a request of ${info.name}, which has ` +
        `${info.requests} in ${info.durationS} s; given: ${load.traceFromS} and ${load.traceToS}.`,
    );
  }
}

/** Bytes that are read in one turn: some four hundred requests, about 2 ms. */
const PIECE = 1 << 14;
/** Bytes that are held at once. */
const BLOCK = 1 << 22;

/**
 * @param turn lets others have theirs between two pieces, so that a running load is sent in time
 * @throws HeadwayError `invalid-trace`
 */
async function readTraceFile({ name, content }: TraceFile, turn: () => Promise<void>): Promise<LoadedTrace> {
  const file = new Blob([content]);
  const reader = new TraceReader(name);
  const decoder = new TextDecoder();
  for (let from = 0; from < file.size; from += BLOCK) {
    const block = new Uint8Array(await file.slice(from, from + BLOCK).arrayBuffer());
    for (let at = 0; at < block.length; at += PIECE) {
      reader.push(decoder.decode(block.subarray(at, at + PIECE), { stream: true }));
      await turn();
    }
  }
  reader.push(decoder.decode());
  const trace = reader.end();
  return { trace, info: traceInfo(trace, await sha256(new Uint8Array(await file.arrayBuffer()))) };
}
