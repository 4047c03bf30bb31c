/** Where the picture's parts stand, in CSS pixels from its top. */
export interface FilmLayout {
  /** Slots. */
  readonly lanes: number;
  /** Of the band in which those who wait stand. */
  readonly band: number;
  /** Where the first slot begins, and how high each is with the gap below it. */
  readonly top: number;
  readonly lane: number;
  readonly gap: number;
  readonly height: number;
}

const BAND = 34;
const BELOW_BAND = 8;
/** All slots together, unless that makes them lower than `LOWEST` or higher than `HIGHEST`. */
const LANES = 168;
const LOWEST = 3;
const HIGHEST = 26;

/** The picture of so many slots: it keeps its height, so that a change of their number moves nothing else on the page. */
export function filmLayout(lanes: number): FilmLayout {
  const lane = Math.min(HIGHEST, Math.max(LOWEST, LANES / lanes));
  const gap = lane >= 10 ? 2 : lane >= 5 ? 1 : 0;
  const top = BAND + BELOW_BAND;
  return { lanes, band: BAND, top, lane, gap, height: top + Math.max(LANES, Math.ceil(lane * lanes)) };
}

/** The slot at a height; null between and below them. */
export function slotAt({ lanes, top, lane }: FilmLayout, y: number): number | null {
  const slot = Math.floor((y - top) / lane);
  return slot >= 0 && slot < lanes ? slot : null;
}

/** The slots that have their number beside them: all where there is room for the words, else the first and some others. */
export function numberedSlots({ lanes, lane }: FilmLayout): readonly number[] {
  const every = [1, 2, 4, 8, 16].find((step) => step * lane >= 14) ?? 32;
  return Array.from({ length: Math.ceil(lanes / every) }, (_, index) => index * every);
}
