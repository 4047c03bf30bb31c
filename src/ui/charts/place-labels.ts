/** A labelled point in pixels. */
export interface LabelledPoint {
  readonly x: number;
  readonly y: number;
  readonly text: string;
  /** Pixels around the point that its own mark covers. */
  readonly radius: number;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** A straight piece of a drawn line. */
export type Segment = readonly [from: Pixel, to: Pixel];

export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
}

const GLYPH_WIDTH = 6.8;
const LINE_HEIGHT = 14;
/** From the mark to its label, px: the nearest first. */
const DISTANCES = [4, 12, 22, 34];

interface Obstacles {
  /** Boxes to keep clear besides the points' marks. */
  readonly boxes?: readonly Box[];
  /** Lines that cross no label. */
  readonly lines?: readonly Segment[];
}

/**
 * A place for each label beside its point where it covers no other point or label and no line crosses it: right, left, above,
 * below, then the corners, near before far. Earlier points choose first. Null for a label that finds none: its point still
 * stands, and the pointer and the table have its words.
 * @returns the start of each text's baseline
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  bounds: Box,
  { boxes = [], lines = [] }: Obstacles = {},
): readonly (PlacedLabel | null)[] {
  const taken: Box[] = [...boxes, ...points.map(markBox)];
  const isFree = (box: Box) => isClear(box, bounds, { boxes: taken, lines });
  return points.map((point) => {
    if (point.text === '') return null;
    const width = widthOf(point.text);
    const box = DISTANCES.flatMap((distance) => candidates(point, width, distance)).find(isFree);
    if (!box) return null;
    taken.push(box);
    return { x: box.x, y: box.y + LINE_HEIGHT - 3 };
  });
}

/** Whether a box lies within the bounds and touches no other box and no line. */
export const isClear = (box: Box, bounds: Box, { boxes = [], lines = [] }: Obstacles): boolean =>
  inside(box, bounds) &&
  !boxes.some((other) => overlaps(box, other)) &&
  !lines.some((line) => crosses(line, box));

/** An estimate on the safe side: text has to be placed before it is drawn. */
export const widthOf = (text: string) => text.length * GLYPH_WIDTH;

/** Joined points as straight pieces. */
export const segmentsOf = (line: readonly Pixel[]): readonly Segment[] =>
  line.slice(1).map((to, index) => [line[index] ?? to, to]);

export const markBox = ({ x, y, radius }: LabelledPoint): Box => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

function candidates({ x, y, radius }: LabelledPoint, width: number, distance: number): readonly Box[] {
  const size = { width, height: LINE_HEIGHT };
  const away = radius + distance;
  const right = x + away;
  const left = x - away - width;
  const middle = y - LINE_HEIGHT / 2;
  const above = y - away - LINE_HEIGHT;
  const below = y + away;
  return [
    { x: right, y: middle, ...size },
    { x: left, y: middle, ...size },
    { x: x - width / 2, y: above, ...size },
    { x: x - width / 2, y: below, ...size },
    { x: right, y: above, ...size },
    { x: right, y: below, ...size },
    { x: left, y: above, ...size },
    { x: left, y: below, ...size },
  ];
}

const inside = (box: Box, bounds: Box) =>
  box.x >= bounds.x &&
  box.y >= bounds.y &&
  box.x + box.width <= bounds.x + bounds.width &&
  box.y + box.height <= bounds.y + bounds.height;

const overlaps = (a: Box, b: Box) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** Whether a piece of a line touches a box: the part of it within each pair of sides is narrowed until none is left. */
function crosses([from, to]: Segment, box: Box): boolean {
  let [enter, leave] = [0, 1];
  const within = (start: number, delta: number, low: number, high: number) => {
    if (delta === 0) return start >= low && start <= high;
    const [a, b] = [(low - start) / delta, (high - start) / delta];
    enter = Math.max(enter, Math.min(a, b));
    leave = Math.min(leave, Math.max(a, b));
    return enter <= leave;
  };
  return (
    within(from.x, to.x - from.x, box.x, box.x + box.width) &&
    within(from.y, to.y - from.y, box.y, box.y + box.height)
  );
}
