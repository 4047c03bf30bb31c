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
    const ways = best.map(({ cost }, begin) => ({ cost: cost + longest * (end - begin) + passCost, begin }));
    best.push(ways.reduce((least, way) => (way.cost < least.cost ? way : least)));
  }
  const groups: number[][] = [];
  for (let end = order.length; end > 0; end = at(best, end).begin) {
    groups.unshift(order.slice(at(best, end).begin, end));
  }
  return groups;
}

const at = <Item>(list: readonly Item[], index: number): Item => list[index] as Item;
