/** How a backend lays the rows of a forward pass out: what it computes beside the tokens that were asked for. */
export interface StepGeometry {
  /** Decode passes compute exactly their rows, or are filled up to a power of two. */
  readonly bucket: 'rows' | 'power-of-two';
  /**
   * Prompts of different lengths are split into groups of similar lengths; a group costs this many positions beside those
   * that it computes. Null: all go into one padded pass.
   */
  readonly groupCost: number | null;
  /** Every row attends as many places as the longest, rounded up to a multiple of this. Null: each attends its own. */
  readonly widthStep: number | null;
}

/** A backend that computes what it is asked for. */
export const EXACT_GEOMETRY: StepGeometry = { bucket: 'rows', groupCost: null, widthStep: null };

/** What a step computed, padding included: what its duration is a function of. */
export interface StepWork {
  /** Rows decoded, filled up to the bucket; 0 where only prompts were computed. */
  readonly bucket: number;
  /** Forward passes over prompts. */
  readonly passes: number;
  /** Prompt tokens. */
  readonly tokens: number;
  /** Of each row of prompt tokens, their number squared, summed: attention within a chunk. */
  readonly squares: number;
  /** Cached tokens attended, summed over rows. */
  readonly attended: number;
  /** Rows whose token is drawn rather than the likeliest. */
  readonly sampled: number;
  /** Rows of the cache that were copied before. */
  readonly copies: number;
}

/** @param cached tokens of all rows before the pass @param longest of them */
export function decodeWork(
  { bucket: fill, widthStep }: StepGeometry,
  rows: number,
  cached: number,
  longest: number,
  sampled: number,
  copies: number,
): StepWork {
  const bucket = fill === 'rows' ? rows : 2 ** Math.ceil(Math.log2(rows));
  const attended = widthStep === null ? cached : bucket * roundUp(longest, widthStep);
  return { bucket, passes: 0, tokens: 0, squares: 0, attended, sampled, copies };
}

/** @param lengths prompt tokens of each row @param start tokens cached before a chunk that goes alone; 0 for whole prompts */
export function prefillWork(
  { groupCost, widthStep }: StepGeometry,
  lengths: readonly number[],
  start: number,
  sampled: number,
): StepWork {
  const attended = start === 0 || widthStep === null ? start : roundUp(start, widthStep);
  const groups = groupCost === null || lengths.length === 1 ? [lengths] : lengthsOf(lengths, groupCost);
  let tokens = 0;
  let squares = 0;
  for (const group of groups) {
    const width = Math.max(...group);
    tokens += width * group.length;
    squares += width * width * group.length;
  }
  return { bucket: 0, passes: groups.length, tokens, squares, attended, sampled, copies: 0 };
}

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

const lengthsOf = (lengths: readonly number[], groupCost: number) =>
  lengthGroups(lengths, groupCost).map((rows) => rows.map((row) => at(lengths, row)));

/**
 * Splits the rows of a right-padded pass into groups of similar lengths, so that the positions computed are fewest: a group
 * costs its longest member times its members, plus `passCost` positions for being a pass of its own.
 *
 * @param lengths tokens of each row
 * @returns the rows of each group; every row is in exactly one
 */
export function lengthGroups(lengths: readonly number[], passCost: number): number[][] {
  const order = lengths.map((_, row) => row).sort((a, b) => at(lengths, a) - at(lengths, b));
  // The best way to group the first `end` rows of that order: its cost, and where its last group begins.
  const best = [{ cost: 0, begin: 0 }];
  for (let end = 1; end <= order.length; end++) {
    const longest = at(lengths, at(order, end - 1));
    let [cost, begin] = [Number.POSITIVE_INFINITY, 0];
    for (let from = 0; from < end; from++) {
      const way = at(best, from).cost + longest * (end - from) + passCost;
      if (way < cost) [cost, begin] = [way, from];
    }
    best.push({ cost, begin });
  }
  const groups: number[][] = [];
  for (let end = order.length; end > 0; end = at(best, end).begin) {
    groups.unshift(order.slice(at(best, end).begin, end));
  }
  return groups;
}

const at = <Item>(list: readonly Item[], index: number): Item => list[index] as Item;
