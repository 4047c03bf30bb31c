/** How a backend lays the rows of a forward pass out: what it computes beside the tokens that were asked for. */
export interface StepGeometry {
  /** Decode passes compute exactly their rows, or are filled up to a power of two. */
  readonly bucket: 'rows' | 'power-of-two';
  /**
   * Rows of different lengths are split into passes of similar lengths; a pass costs this many positions beside those that it
   * computes. Null: all go into one padded pass.
   */
  readonly groupCost: number | null;
  /** Every row attends as many places as the longest of its pass, rounded up to a multiple of this. Null: each attends its own. */
  readonly widthStep: number | null;
}

/** A backend that computes what it is asked for. */
export const EXACT_GEOMETRY: StepGeometry = { bucket: 'rows', groupCost: null, widthStep: null };

/** What a step computed, padding included: what its duration is a function of. */
export interface StepWork {
  /** Rows decoded, filled up to the bucket; 0 where only prompts were computed. */
  readonly bucket: number;
  /** Forward passes over prompts, and those over decoded rows beside the first. */
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

/** A row of a right-padded pass. */
export interface StepLengths {
  /** Tokens that it has in the cache before the pass. */
  readonly past: number;
  /** Tokens that the pass adds. */
  readonly added: number;
}

/** @param pasts cached tokens of each row */
export function decodeWork(
  { bucket: fill, groupCost, widthStep }: StepGeometry,
  pasts: readonly number[],
  sampled: number,
  copies: number,
): StepWork {
  const bucket = fill === 'rows' ? pasts.length : 2 ** Math.ceil(Math.log2(pasts.length));
  let [cached, longest] = [0, 0];
  for (const past of pasts) {
    cached += past;
    if (past > longest) longest = past;
  }
  const together = {
    bucket,
    passes: 0,
    tokens: 0,
    squares: 0,
    attended: widthStep === null ? cached : bucket * roundUp(longest, widthStep),
    sampled,
    copies,
  };
  // Padding that costs less than a pass keeps all rows together: most steps are done here, and a simulation has millions.
  if (groupCost === null || (pasts.length * longest - cached) * (rowCost(1, 1) - 1) <= groupCost)
    return together;
  const groups = lengthGroups(
    pasts.map((past) => ({ past, added: 1 })),
    groupCost,
  );
  if (groups.length === 1) return together;
  let attended = 0;
  for (const group of groups) {
    const ofGroup = group.map((row) => at(pasts, row));
    attended +=
      widthStep === null
        ? ofGroup.reduce((sum, past) => sum + past, 0)
        : ofGroup.length * roundUp(Math.max(...ofGroup), widthStep);
  }
  return { ...together, passes: groups.length - 1, attended };
}

/** New prompts share passes; each later chunk of a prompt goes alone. */
export function prefillWork(geometry: StepGeometry, rows: readonly StepLengths[], sampled: number): StepWork {
  const { widthStep } = geometry;
  const later = rows.filter(({ past }) => past > 0);
  const prompts = rows.filter(({ past }) => past === 0);
  const passes = [
    ...(prompts.length > 0 ? groupsOf(geometry, prompts) : []).map((group) =>
      group.map((row) => at(prompts, row)),
    ),
    ...later.map((row) => [row]),
  ];
  let tokens = 0;
  let squares = 0;
  for (const pass of passes) {
    const width = Math.max(...pass.map(({ added }) => added));
    tokens += width * pass.length;
    squares += width * width * pass.length;
  }
  const attended = later.reduce(
    (sum, { past }) => sum + (widthStep === null ? past : roundUp(past, widthStep)),
    0,
  );
  return { bucket: 0, passes: passes.length, tokens, squares, attended, sampled, copies: 0 };
}

const roundUp = (value: number, step: number) => Math.ceil(value / step) * step;

const groupsOf = (
  { groupCost }: StepGeometry,
  rows: readonly StepLengths[],
): readonly (readonly number[])[] =>
  groupCost === null ? [rows.map((_, row) => row)] : lengthGroups(rows, groupCost);

/**
 * What a place of the past costs, in positions: it is copied for each row, and each new token attends to it. A position of the
 * embedded model takes 80 µs on one core, a place 1.2 µs.
 */
const PLACE_COST = 0.015;
const PAIR_COST = 0.001;
export const rowCost = (past: number, added: number): number =>
  added + past * (PLACE_COST + PAIR_COST * added);

/**
 * Splits rows into passes so that they cost least together: each row of a pass costs what its longest past and its most added
 * tokens do, and a pass costs `passCost` positions, too.
 *
 * @returns the rows of each pass, ascending; every row is in exactly one
 */
export function lengthGroups(rows: readonly StepLengths[], passCost: number): number[][] {
  const all = rows.map((_, row) => row);
  if (isOneGroup(rows, passCost)) return [all];
  const order = all.toSorted((a, b) => compare(at(rows, a), at(rows, b)));
  // The best way to group the first `end` rows of that order: its cost, and where its last group begins.
  const best = [{ cost: 0, begin: 0 }];
  for (let end = 1; end <= order.length; end++) {
    let [least, from] = [Number.POSITIVE_INFINITY, 0];
    let [past, added] = [0, 0];
    for (let begin = end - 1; begin >= 0; begin--) {
      const row = at(rows, at(order, begin));
      if (row.past > past) past = row.past;
      if (row.added > added) added = row.added;
      const cost = at(best, begin).cost + (end - begin) * rowCost(past, added) + passCost;
      if (cost < least) [least, from] = [cost, begin];
    }
    best.push({ cost: least, begin: from });
  }
  const groups: number[][] = [];
  for (let end = order.length; end > 0; end = at(best, end).begin) {
    groups.unshift(order.slice(at(best, end).begin, end).sort((a, b) => a - b));
  }
  return groups;
}

/** Whether all padding together costs less than another pass would. */
function isOneGroup(rows: readonly StepLengths[], passCost: number): boolean {
  let [past, added, exact] = [0, 0, 0];
  for (const row of rows) {
    if (row.past > past) past = row.past;
    if (row.added > added) added = row.added;
    exact += rowCost(row.past, row.added);
  }
  return rows.length * rowCost(past, added) - exact <= passCost;
}

const compare = (a: StepLengths, b: StepLengths): number => a.past - b.past || a.added - b.added;

const at = <Item>(list: readonly Item[], index: number): Item => list[index] as Item;
