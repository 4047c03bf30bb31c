import type { Rng } from '../core/clock';

/** How much longer than its cost a step takes, as a factor. */
export interface Noise {
  prefill(): number;
  decode(): number;
}

export const NO_NOISE: Noise = { prefill: () => 1, decode: () => 1 };

/** Steps drawn in a row: a machine that is slow at one step is often slow at the next. */
export const STRETCH = 16;

/** Measured over predicted, of single steps in their order. */
export interface Residuals {
  readonly prefill: readonly number[];
  readonly decode: readonly number[];
}

/** The residuals of a fit, drawn in stretches as they followed each other. */
export function residualNoise({ prefill, decode }: Residuals, rng: Rng): Noise {
  return { prefill: stretches(prefill, rng.fork('prefill')), decode: stretches(decode, rng.fork('decode')) };
}

function stretches(residuals: readonly number[], rng: Rng): () => number {
  if (residuals.length === 0) return () => 1;
  let at = 0;
  let left = 0;
  return () => {
    if (left === 0) {
      at = Math.floor(rng.uniform() * residuals.length);
      left = STRETCH;
    }
    left -= 1;
    const ratio = residuals[at] as number;
    at = at + 1 === residuals.length ? 0 : at + 1;
    return ratio;
  };
}
