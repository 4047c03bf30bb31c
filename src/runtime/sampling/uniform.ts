/**
 * The random number for one token of one sequence: MurmurHash3 (x86, 32 bits) of the position under the seed. A counter in
 * place of a stream: nothing has to be kept, and what else is computed cannot shift it.
 *
 * @param position tokens that the sequence has before the drawn one
 * @returns 32 bits, unsigned; as a fraction, over 2³²
 */
export function uniformBits(seed: number, position: number): number {
  const key = Math.imul(rotateLeft(Math.imul(position, 0xcc9e2d51), 15), 0x1b873593);
  const body = (Math.imul(rotateLeft(seed ^ key, 13), 5) + 0xe6546b64) | 0;
  return finish(body ^ WORD_BYTES);
}

/** Murmur hashes how long its input was, too. */
const WORD_BYTES = 4;

const rotateLeft = (word: number, by: number): number => (word << by) | (word >>> (32 - by));

function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
