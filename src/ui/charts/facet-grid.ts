import type { Box } from './place-labels';

const NARROWEST = 190;
const GAP = 8;

/** Places for `count` small charts of one size in a box: as many side by side as are wide enough to be read, in even rows. */
export function facetGrid(count: number, width: number, height: number): readonly Box[] {
  const most = Math.max(1, Math.min(count, Math.floor((width + GAP) / (NARROWEST + GAP))));
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows);
  const size = {
    width: Math.floor((width + GAP) / columns) - GAP,
    height: Math.floor((height + GAP) / rows) - GAP,
  };
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) * (size.width + GAP),
    y: Math.floor(index / columns) * (size.height + GAP),
    ...size,
  }));
}

/** Rows that `facetGrid` makes of so many in this width. */
export const facetRows = (count: number, width: number): number =>
  Math.ceil(count / Math.max(1, Math.min(count, Math.floor((width + GAP) / (NARROWEST + GAP)))));
