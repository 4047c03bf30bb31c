import type { LoadProgress } from '../../core/engine';
import type { OpenProgress } from '../../runtime/open-model';

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
