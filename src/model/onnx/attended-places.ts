/**
 * Which places the new tokens of a pass attend to: their row's past as far as it is real, and of the new ones themselves and
 * those before. Padding on the right is attended to by padding alone.
 *
 * @param before tokens that each row has in the cache, [B]
 * @param width S, new places of each row
 * @param pastWidth P, places of the past that the pass is fed, real or not; 0 where no row has any
 * @param window tokens back from itself, itself included, that a token looks at; 0 for all
 * @returns [rows, 1, S, P + S], 1 where it is attended to; `rows` is 1 where it is the same for all, else B
 */
export function attendedPlaces(
  before: readonly number[],
  width: number,
  pastWidth: number,
  window = 0,
): { readonly places: Uint8Array; readonly rows: number } {
  const rows = pastWidth === 0 ? 1 : before.length;
  const total = pastWidth + width;
  const places = new Uint8Array(rows * width * total);
  for (let row = 0; row < rows; row++) {
    for (let i = 0; i < width; i++) {
      const begin = (row * width + i) * total;
      const past = Math.min(before[row] as number, pastWidth);
      // The first place of its sequence that it still sees.
      const first = window > 0 ? Math.max(0, (before[row] as number) + i + 1 - window) : 0;
      places.fill(1, begin + Math.min(first, past), begin + past);
      places.fill(
        1,
        begin + pastWidth + Math.max(0, first - (before[row] as number)),
        begin + pastWidth + i + 1,
      );
    }
  }
  return { places, rows };
}
