import { type PointerEvent, useRef, useState } from 'react';
import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { formatFigure, formatInterval, formatMs, formatShare, formatWhole } from '../../store/format';
import type { Plane, PlaneCurve, PlanePoint } from '../../store/plane';
import classes from './charts.module.css';
import {
  type Box,
  isClear,
  markBox,
  type Pixel,
  placeLabels,
  type Segment,
  segmentsOf,
  widthOf,
} from './place-labels';
import { LINE_STYLE, Mark, styleOf } from './plot-style';

interface OperatingLayerProps {
  readonly plane: Plane;
  readonly sloMs: number | null;
  readonly sloFits: boolean;
  /** Puts the setting of a point in force. */
  readonly onSet: (point: PlanePoint) => void;
}

/** Curves, points and their labels over the axes; and what the pointer is at. */
export function OperatingLayer({ plane, sloMs, sloFits, onSet }: OperatingLayerProps) {
  const area = usePlotArea();
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  const [pointer, setPointer] = useState<Pixel | null>(null);
  const touched = useRef<string | null>(null);
  if (!area || !xScale || !yScale) return null;

  const toPixel = (x: number, y: number): Pixel => ({ x: xScale(x) ?? 0, y: yScale(y) ?? 0 });
  const curves = plane.curves.map((curve) => drawnCurve(curve, toPixel));
  const joined = (points: readonly { throughput_rps: number; p95Ms: number }[]) =>
    points.map(({ throughput_rps, p95Ms }) => toPixel(throughput_rps, p95Ms));
  const front = plane.front.length > 1 ? joined(plane.front) : [];
  const trail = joined(plane.trail);
  const now = plane.now ? toPixel(plane.now.x, plane.now.y) : null;
  const labels = labelsOf(plane, curves, now);
  const sloY = sloMs !== null && sloFits ? (yScale(sloMs) ?? null) : null;
  const sloLine = sloY === null ? [] : [0, 1].map((end) => ({ x: area.x + end * area.width, y: sloY }));
  const lines = [...curves.flatMap((curve) => curve.lines), ...[front, trail].flatMap(segmentsOf)];
  const slo = sloMs === null ? null : sloNote(area, sloMs, sloY, lines, labels.map(markBox));
  const places = placeLabels(labels, area, {
    boxes: slo ? [slo.box] : [],
    lines: [...lines, ...segmentsOf(sloLine)],
  });
  const pointed = pointer && nearest(curves, pointer);

  const choose = (event: PointerEvent<SVGRectElement>) => {
    const point = nearest(curves, pixelOf(event))?.point;
    if (!point?.setting) return;
    // The first touch shows the point, as hovering does; the second sets it.
    const isSeen = event.pointerType === 'mouse' || touched.current === point.key;
    touched.current = point.key;
    if (isSeen) onSet(point);
  };
  return (
    <g>
      {slo ? (
        <text x={slo.x} y={slo.y} className={classes.sloLabel}>
          {slo.text}
        </text>
      ) : null}
      <Polyline pixels={front} className={classes.front} />
      <Trail pixels={trail} color={styleOf(plane.nowPolicy).color} />
      {curves.map((curve) => (
        <Curve key={curve.curve.key} {...curve} now={plane.now} />
      ))}
      {plane.now && now ? <PresentPoint point={plane.now} at={now} plane={plane} /> : null}
      {labels.map(({ key, text, color }, index) => {
        const place = places[index];
        return place ? (
          <text
            key={key}
            {...place}
            className={classes.pointLabel}
            data-name={color !== null || undefined}
            {...(color === null ? {} : { fill: color })}
          >
            {text}
          </text>
        ) : null;
      })}
      {pointed ? <Tip pointed={pointed} area={area} /> : pointer ? <Cross at={pointer} area={area} /> : null}
      <rect
        {...area}
        className={classes.pointed}
        data-set={pointed?.point.setting ? true : undefined}
        onPointerMove={(event) => setPointer(pixelOf(event))}
        onPointerDown={(event) => setPointer(pixelOf(event))}
        onPointerLeave={() => setPointer(null)}
        onPointerUp={choose}
      />
    </g>
  );
}

interface DrawnPoint {
  readonly point: PlanePoint;
  readonly at: Pixel;
  /** Both ends of the bar that says how far p95 may be off. */
  readonly bar: readonly [Pixel, Pixel] | null;
}

interface DrawnCurve {
  readonly curve: PlaneCurve;
  readonly points: readonly DrawnPoint[];
  /** Every piece of a line that it draws. */
  readonly lines: readonly (readonly [Pixel, Pixel])[];
}

function drawnCurve(curve: PlaneCurve, toPixel: (x: number, y: number) => Pixel): DrawnCurve {
  const points = curve.points.map((point): DrawnPoint => {
    const { x, y, range } = point;
    const bar = range && range[1] > range[0] ? ([toPixel(x, range[0]), toPixel(x, range[1])] as const) : null;
    return { point, at: toPixel(x, y), bar };
  });
  const bars = points.flatMap(({ bar }) => (bar ? [bar] : []));
  return { curve, points, lines: [...segmentsOf(points.map(({ at }) => at)), ...bars] };
}

const MARK_RADIUS = 7;
const LOST_RADIUS = 10;
const NOW_RADIUS = 14;

/** Names of curves first, then the present point, then the others: an earlier label gets the better place. */
function labelsOf(plane: Plane, curves: readonly DrawnCurve[], now: Pixel | null) {
  const radiusOf = ({ key, lostShare }: PlanePoint) =>
    key === plane.now?.key ? NOW_RADIUS : lostShare > 0 ? LOST_RADIUS : MARK_RADIUS;
  const names = curves.flatMap(({ curve, points }) => {
    const end = points.length > 1 ? points.at(-1) : undefined;
    return end && curve.kind !== 'kept'
      ? [labelAt(`name ${curve.key}`, curve.label, end, styleOf(curve.policy).color)]
      : [];
  });
  const present =
    plane.now && now ? [labelAt('now', plane.now.label, { point: plane.now, at: now, bar: null }, null)] : [];
  const others = curves.flatMap(({ points }) =>
    points
      .filter(({ point }) => point.key !== plane.now?.key)
      .map((drawn) => labelAt(drawn.point.key, drawn.point.label, drawn, null)),
  );
  function labelAt(key: string, text: string, { point, at }: DrawnPoint, color: string | null) {
    return { key, text, color, ...at, radius: radiusOf(point) };
  }
  return [...names, ...present, ...others];
}

interface PolylineProps {
  readonly pixels: readonly Pixel[];
  readonly className: string | undefined;
}

const Polyline = ({ pixels, className }: PolylineProps) =>
  pixels.length > 1 ? (
    <polyline points={pixels.map(({ x, y }) => `${x},${y}`).join(' ')} className={className} />
  ) : null;

/** Where the present point came from, fading with age. */
function Trail({ pixels, color }: { readonly pixels: readonly Pixel[]; readonly color: string }) {
  return (
    <g className={classes.trail} stroke={color}>
      {segmentsOf(pixels).map(([from, to], index) => {
        const age = (index + 1) / pixels.length;
        const opacity = 0.08 + 0.5 * age * age;
        return (
          <line
            key={`${from.x} ${from.y} ${to.x} ${to.y}`}
            {...{ x1: from.x, y1: from.y, x2: to.x, y2: to.y, opacity }}
          />
        );
      })}
    </g>
  );
}

/** Filled marks: the server kept up and answered everything. Hollow ones: not measured in this visit, or not kept up. */
function Curve({ curve, points, now }: DrawnCurve & { readonly now: PlanePoint | null }) {
  const { color, mark } = styleOf(curve.policy);
  return (
    <g>
      <polyline
        className={classes.curve}
        points={points.map(({ at }) => `${at.x},${at.y}`).join(' ')}
        stroke={color}
        {...LINE_STYLE[curve.kind]}
      />
      {points.map(({ point, at, bar }) => {
        if (point.key === now?.key || curve.kind === 'predicted') return null;
        return (
          <g key={point.key}>
            {bar ? <line {...lineOf(bar)} stroke={color} strokeWidth={1.25} /> : null}
            <Mark shape={mark} {...at} color={color} hollow={curve.kind !== 'measured' || !point.keepsUp} />
            {point.lostShare > 0 ? (
              <circle cx={at.x} cy={at.y} r={LOST_RADIUS} className={classes.lostRing} />
            ) : null}
          </g>
        );
      })}
    </g>
  );
}

const lineOf = ([from, to]: readonly [Pixel, Pixel]) => ({ x1: from.x, y1: from.y, x2: to.x, y2: to.y });

interface PresentPointProps {
  readonly point: PlanePoint;
  readonly at: Pixel;
  readonly plane: Plane;
}

/** With a halo, and filled once it has settled. */
function PresentPoint({ point, at, plane }: PresentPointProps) {
  const { color, mark } = styleOf(plane.nowPolicy);
  return (
    <g data-now={true}>
      <title>
        {`Now: ${formatFigure(point.x)} requests/s, p95 ${formatMs(point.y)} ms from ${point.figures.completions} completions. ${point.note}`}
      </title>
      <circle cx={at.x} cy={at.y} r={NOW_RADIUS} fill={color} opacity={0.2} />
      <Mark shape={mark} {...at} color={color} hollow={!plane.nowSettled} />
      {point.lostShare > 0 ? (
        <circle cx={at.x} cy={at.y} r={LOST_RADIUS} className={classes.lostRing} />
      ) : null}
    </g>
  );
}

/** Where the pointer is, in the chart's own pixels. */
function pixelOf({ currentTarget, clientX, clientY }: PointerEvent<SVGRectElement>): Pixel {
  const box = currentTarget.ownerSVGElement?.getBoundingClientRect();
  return { x: clientX - (box?.left ?? 0), y: clientY - (box?.top ?? 0) };
}

/** Within this of the pointer a point is pointed at, px. */
const REACH = 30;

function nearest(curves: readonly DrawnCurve[], { x, y }: Pixel) {
  let best: (DrawnPoint & { readonly curve: PlaneCurve }) | null = null;
  let least = REACH;
  for (const { curve, points } of curves) {
    for (const drawn of points) {
      const distance = Math.hypot(drawn.at.x - x, drawn.at.y - y);
      // Of two at the same place, the one that is drawn on top.
      if (distance <= least) [best, least] = [{ ...drawn, curve }, distance];
    }
  }
  return best;
}

const TIP_GLYPH = 5.9;
const TIP_LINE = 16;
const TIP_PADDING = 9;

interface TipProps {
  readonly pointed: DrawnPoint & { readonly curve: PlaneCurve };
  readonly area: Box;
}

/** Crosshair and all figures of the point that the pointer is at. */
function Tip({ pointed: { point, curve, at }, area }: TipProps) {
  const lines = tipLines(point, curve);
  const width = Math.min(
    area.width,
    Math.max(...lines.map((line) => line.length)) * TIP_GLYPH + 2 * TIP_PADDING,
  );
  const height = lines.length * TIP_LINE + TIP_PADDING;
  const fitsRight = at.x + 16 + width <= area.x + area.width;
  const x = Math.max(area.x, fitsRight ? at.x + 16 : at.x - 16 - width);
  const y = Math.min(Math.max(area.y, at.y - height / 2), Math.max(area.y, area.y + area.height - height));
  return (
    <g className={classes.chartTip}>
      <Cross at={at} area={area} />
      <rect x={x} y={y} width={width} height={height} rx={5} />
      {lines.map((line, index) => (
        <text
          key={line}
          x={x + TIP_PADDING}
          y={y + (index + 1) * TIP_LINE}
          {...(index === 0 ? { fill: styleOf(curve.policy).color, fontWeight: 600 } : {})}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

const KIND_WORDS = { measured: '', kept: ' (kept run)', predicted: ' (predicted)' } as const;

function tipLines({ figures: f, range, lostShare, title, note, setting }: PlanePoint, { kind }: PlaneCurve) {
  const part = (value: number | null, text: string) => (value === null ? '' : text);
  const spread = range ? ` (${formatInterval(range)})` : '';
  return [
    `${title}${KIND_WORDS[kind]}`,
    joined(
      `${formatFigure(f.throughput_rps)} req/s`,
      part(f.outputTps, `${formatFigure(f.outputTps)} output tok/s`),
    ),
    joined(
      part(f.p50Ms, `E2E p50 ${formatMs(f.p50Ms)}`),
      `p95 ${formatMs(f.p95Ms)}${spread}`,
      part(f.p99Ms, `p99 ${formatMs(f.p99Ms)}`),
    ).concat(' ms'),
    joined(
      part(f.ttftP95Ms, `TTFT p95 ${formatMs(f.ttftP95Ms)} ms`),
      part(f.tpotP50Ms, `TPOT p50 ${formatMs(f.tpotP50Ms)} ms`),
    ),
    joined(
      part(f.goodput_rps, `goodput ${formatFigure(f.goodput_rps)} req/s`),
      part(f.batchFill, `batch fill ${formatFigure(f.batchFill)}`),
      part(f.wastedShare, `wasted ${formatShare(f.wastedShare)}`),
    ),
    joined(
      f.completions > 0 ? `${formatWhole(f.completions)} completed` : '',
      lostShare > 0 ? `${formatShare(lostShare)} not completed` : '',
    ),
    note,
    setting ? 'Click: set this again' : '',
  ].filter((line) => line !== '');
}

const joined = (...parts: readonly string[]) => parts.filter((part) => part !== '').join(' · ');

const Cross = ({ at, area }: { readonly at: Pixel; readonly area: Box }) => (
  <path className={classes.cross} d={`M${at.x} ${area.y}v${area.height}M${area.x} ${at.y}h${area.width}`} />
);

const NOTE_HEIGHT = 16;

/**
 * The objective's words along its line, on its good side if there is room, or at the top with an arrow when the line is far
 * above; null where curves leave no room: the legend says what the ground's colour means.
 */
function sloNote(
  area: Box,
  sloMs: number,
  lineY: number | null,
  lines: readonly Segment[],
  points: readonly Box[],
) {
  const text = `SLO p95 ≤ ${formatMs(sloMs)} ms${lineY === null ? ' ↑ above' : ''}`;
  const size = { width: widthOf(text) + 8, height: NOTE_HEIGHT };
  const rows = lineY === null ? [area.y + 2] : [lineY + 2, lineY - NOTE_HEIGHT - 2];
  const right = area.x + area.width - size.width;
  const columns = Array.from({ length: 12 }, (_, step) => right - (step * (area.width - size.width)) / 11);
  const box = rows
    .flatMap((y) => columns.map((x) => ({ x, y, ...size })))
    .find((candidate) => isClear(candidate, area, { boxes: points, lines }));
  return box ? { box, text, x: box.x + 4, y: box.y + 12 } : null;
}
