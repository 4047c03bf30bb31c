import type { Sampling } from '../core/request';

/** What a simulated model says to a prompt, before its end of sequence. */
export interface SimulatedAnswer {
  /** Tokens. */
  readonly length: number;
  readonly checksum: number;
}

/**
 * The prompt's last token is the answer's length; its tokens carry a checksum of the prompt. Where tokens are drawn, the
 * seed is part of both, so that the sequences of one request differ.
 */
export function simulatedAnswer(prompt: readonly number[], sampling: Sampling | null): SimulatedAnswer {
  const seed = sampling?.seed ?? 0;
  let checksum = 7 + (seed % 1009);
  for (const token of prompt) checksum = (checksum * 31 + token) % 1009;
  return { length: (prompt.at(-1) ?? 0) + (seed % 4), checksum };
}

/** The `index`-th of its tokens, never 0; null after the last. */
export const simulatedTokenOf = ({ length, checksum }: SimulatedAnswer, index: number): number | null =>
  index < length ? 1 + ((checksum + index) % 1023) : null;
