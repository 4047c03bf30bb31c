import type { Sampling } from '../../core/request';
import { uniformBits } from './uniform';

/**
 * How one token is to be drawn, in the numbers that the CPU and the GPU compute with.
 *
 * Both draw by the same whole-number arithmetic, so the same logits give the same token wherever it is drawn, in whichever
 * batch, whatever the order of summation:
 *
 * 1. Tokens are ranked by logit, the likeliest first; among equal logits the lower token id is first.
 * 2. A token's weight is `2³¹ · exp((logit − highest logit) / temperature)`, rounded down to a whole number (`weight.ts`).
 * 3. `topK` keeps the first k.
 * 4. `topP` keeps the first of these whose weights together reach the share p of theirs, at least one.
 * 5. The draw is the first token at which the running sum of what was kept, by token id, exceeds the share `uniform` of it.
 *
 * The sum runs by id and not by rank, so that logits which differ in their last bits, as those of one row do on a GPU that
 * takes other kernels for other batch sizes, move its steps by as little, where they could swap whole ranks.
 *
 * So `topK` 1, a tiny `topP` or a tiny temperature is the greedy choice. A token 21 temperatures below the likeliest has
 * no weight: it is never drawn, where its probability would be under 2⁻³¹ of the likeliest's.
 */
export interface Draw {
  /** `log₂ e / temperature · 2²⁴`, an f32: turns a distance from the highest logit into 24-bit fractions of a halving. */
  readonly scale: number;
  /** 0 = all. */
  readonly topK: number;
  /** Over 2³²; 0 = all. */
  readonly topP: number;
  /** The random number, over 2³². */
  readonly uniform: number;
}

const TWO_32 = 2 ** 32;

/** Beyond, no two different logits are near enough to both have weight; subnormal numbers, which GPUs may drop, stay 0. */
const MOST_SCALE = 2 ** 64;

/** @param position tokens that the sequence has before the drawn one */
export function drawOf({ temperature, topK, topP, seed }: Sampling, position: number): Draw {
  return {
    scale: Math.fround(Math.min(MOST_SCALE, (Math.LOG2E * 2 ** 24) / temperature)),
    topK,
    topP: topP >= 1 ? 0 : Math.max(1, Math.min(TWO_32 - 1, Math.round(topP * TWO_32))),
    uniform: uniformBits(seed, position),
  };
}
