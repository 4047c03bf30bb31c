import type { Beat } from '../../core/engine';

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
