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

export interface PlacedLabel {
  readonly x: number;
  readonly y: number;
}

const GLYPH_WIDTH = 6.1;
const LINE_HEIGHT = 14;
const DISTANCE = 4;

/**
 * A place for each label beside its point where it covers no other point or label: right, left, above, below, then the
 * corners. Earlier points choose first. Null for a label that finds none: its point still stands, and the table has
 * its words.
 * @param obstacles boxes to keep clear besides the points
 * @returns the start of each text's baseline
 */
export function placeLabels(
  points: readonly LabelledPoint[],
  bounds: Box,
  obstacles: readonly Box[] = [],
): readonly (PlacedLabel | null)[] {
  const taken: Box[] = [...obstacles, ...points.map(markBox)];
  return points.map((point) => {
    const width = point.text.length * GLYPH_WIDTH;
    const box = candidates(point, width).find(
      (candidate) => inside(candidate, bounds) && !taken.some((other) => overlaps(candidate, other)),
    );
    if (!box) return null;
    taken.push(box);
    return { x: box.x, y: box.y + LINE_HEIGHT - 3 };
  });
}

const markBox = ({ x, y, radius }: LabelledPoint): Box => ({
  x: x - radius,
  y: y - radius,
  width: 2 * radius,
  height: 2 * radius,
});

function candidates({ x, y, radius }: LabelledPoint, width: number): readonly Box[] {
  const size = { width, height: LINE_HEIGHT };
  const away = radius + DISTANCE;
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
