import type { Backend } from '../../core/backend';
import type { Clock } from '../../core/clock';
import type { Beat, LoadProgress } from '../../core/engine';
import type { OpenProgress } from '../../runtime/open-model';

/**
 * The same backend, which says before each pass how long it will take, in ms: as long as the last one did, and longer in
 * proportion where it has more positions. 0 for the first.
 */
export function announcePasses(
  backend: Backend,
  clock: Clock,
  announce: (expectedMs: number) => void,
): Backend {
  let last = { positions: Number.POSITIVE_INFINITY, ms: 0 };

  async function pass(positions: number, run: () => Promise<readonly number[]>) {
    announce(last.ms * Math.max(1, positions / last.positions));
    const startedAt = clock.now();
    const tokens = await run();
    last = { positions, ms: clock.now() - startedAt };
    return tokens;
  }

  return {
    capabilities: backend.capabilities,
    lost: backend.lost,
    microBatchCount: (request, microBatchSize) => backend.microBatchCount(request, microBatchSize),
    checkRoom: (slots) => backend.checkRoom(slots),
    step: (rows) =>
      pass(
        rows.reduce((sum, { tokens }) => sum + (tokens?.length ?? 1), 0),
        () => backend.step(rows),
      ),
    copyRow: (from, to) => backend.copyRow(from, to),
    memory: () => backend.memory(),
    dispose: () => backend.dispose(),
  };
}

const BEAT_MS = 1000;
/** What may take longer is said before it begins: a blocked thread says nothing. */
const LONG_MS = 350;

/** The serving worker's signs of life: one a second, and one ahead of whatever may keep its thread busy for long. */
export class Pulse {
  #busyMs: number | null = null;
  #beat: Beat = () => {};

  /** Beats for as long as the worker lives. */
  start(beat: Beat): void {
    this.#beat = beat;
    beat(this.#busyMs);
    setInterval(() => beat(this.#busyMs), BEAT_MS);
  }

  /** A model is being loaded or made anew: files, compilation and warm-up take as long as they take. */
  loading(): void {
    this.#busyMs = null;
    this.#beat(null);
  }

  /** The model is ready. */
  serving(): void {
    this.#busyMs = 0;
    this.#beat(0);
  }

  /** A forward pass begins now. While it loads, passes are part of that. */
  pass(expectedMs: number): void {
    if (this.#busyMs === null) return;
    this.#busyMs = expectedMs;
    if (expectedMs > LONG_MS) this.#beat(expectedMs);
  }
}

/** Reports at most so often, ms: a fast download has thousands of chunks. */
const REPORT_MS = 50;
/** Over which the rate is told, ms. */
const RATE_MS = 5000;
/** Before it is, ms: the first chunks come in a rush. */
const FIRST_RATE_MS = 500;

/**
 * Thins out the progress of a load and adds its rate, over the last five seconds. What was there before the load began is
 * no part of the rate, nor is what a server made begin again.
 */
export class PacedProgress {
  readonly #report: (progress: LoadProgress) => void;
  readonly #now: () => number;
  #reported = Number.NEGATIVE_INFINITY;
  #last: OpenProgress | null = null;
  #past: { readonly at: number; readonly bytes: number }[] = [];

  /** @param now ms */
  constructor(report: (progress: LoadProgress) => void, now: () => number) {
    this.#report = report;
    this.#now = now;
  }

  see(progress: OpenProgress): void {
    const { loadedBytes, totalBytes, trouble } = progress;
    if (loadedBytes < (this.#past.at(-1)?.bytes ?? 0)) this.#past = [];
    this.#last = progress;
    const recent = this.#now() - this.#reported < REPORT_MS;
    if (recent && !trouble && loadedBytes !== totalBytes) return;
    this.tell();
  }

  /** The last of it once more, for when nothing comes: the rate falls. To be called about twice a second. */
  tell(): void {
    if (!this.#last) return;
    const { stage, loadedBytes, totalBytes, trouble = null } = this.#last;
    const at = this.#now();
    this.#reported = at;
    this.#past = [...this.#past.filter((point) => at - point.at <= RATE_MS), { at, bytes: loadedBytes }];
    const first = this.#past[0] ?? { at, bytes: loadedBytes };
    const ms = at - first.at;
    const bytesPerS = ms < FIRST_RATE_MS ? null : ((loadedBytes - first.bytes) / ms) * 1000;
    this.#report({ stage, loadedBytes, totalBytes, bytesPerS, trouble });
  }
}
