import { memo } from 'react';
import {
  CartesianGrid,
  Label,
  ReferenceLine,
  Scatter,
  ScatterChart,
  usePlotArea,
  useXAxisScale,
  useYAxisScale,
  XAxis,
  YAxis,
} from 'recharts';
import { disturbedWords } from '../../core/disturbance';
import { sweepCurves } from '../../store/curves';
import { formatFigure, formatMs, formatShare, formatTick } from '../../store/format';
import {
  type FinishedSetting,
  keepsUp,
  type OperatingPoint,
  type Picture,
} from '../../store/operating-point';
import { paretoFront } from '../../store/pareto-front';
import { fullLabel, shortLabels } from '../../store/setting-label';
import { AXIS, GRID_STROKE, logTicks, niceCeil, ticksTo, useStableMax } from './axis';
import classes from './charts.module.css';
import { type Box, placeLabels } from './place-labels';

export interface Pixel {
  readonly x: number;
  readonly y: number;
}

type ToPixel = (point: OperatingPoint) => Pixel;

interface TrailProps {
  readonly picture: Picture;
  readonly pixel: ToPixel;
}

/** Where the present point came from, fading with age. */
export function Trail({ picture, pixel }: TrailProps) {
  const steps = stepsOf(picture);
  return (
    <g className={classes.trail}>
      {steps.slice(1).map((point, index) => {
        const before = steps[index];
        if (!before) return null;
        const [from, to] = [pixel(before), pixel(point)];
        const age = (index + 1) / steps.length;
        const opacity = 0.08 + 0.6 * age * age;
        return <line key={point.at} x1={from.x} y1={from.y} x2={to.x} y2={to.y} opacity={opacity} />;
      })}
    </g>
  );
}

/** The trail up to the present point, which is often its last step already. */
function stepsOf({ trail, present }: Picture): readonly OperatingPoint[] {
  return present?.settled && present.at !== trail.at(-1)?.at ? [...trail, present] : trail;
}

interface CurvesProps {
  readonly finished: readonly FinishedSetting[];
  readonly pixel: ToPixel;
}

/** Finished settings of one sweep, joined. */
export function Curves({ finished, pixel }: CurvesProps) {
  return sweepCurves(finished).map((curve) => {
    const points = curve.map(({ point }) => pixel(point)).map(({ x, y }) => `${x},${y}`);
    return <polyline key={curve[0]?.id} points={points.join(' ')} className={classes.curve} />;
  });
}

interface FrontProps {
  readonly picture: Picture;
  readonly pixel: ToPixel;
}

/** The settings that no other beats, joined. */
export function Front({ picture: { finished, present }, pixel }: FrontProps) {
  const points = [...finished.map(({ point }) => point), ...(present ? [present] : [])];
  const front = paretoFront(points).map((point) => pixel(point));
  if (front.length < 2) return null;
  return <polyline points={front.map(({ x, y }) => `${x},${y}`).join(' ')} className={classes.front} />;
}

interface FinishedPointProps {
  readonly setting: FinishedSetting;
  readonly at: Pixel;
}

/** Filled when the server kept up and answered everything; ringed when requests were lost. */
export function FinishedPoint({ setting, at: { x, y } }: FinishedPointProps) {
  const { point } = setting;
  const isGood = keepsUp(point);
  return (
    <g className={classes.finished} data-good={isGood || undefined}>
      <circle cx={x} cy={y} r={5} />
      {point.lostShare > 0 ? <circle cx={x} cy={y} r={8.5} className={classes.lostRing} /> : null}
      <title>{describe(fullLabel(setting.parts), point)}</title>
    </g>
  );
}

interface PresentPointProps {
  readonly point: OperatingPoint;
  readonly at: Pixel;
}

/** Filled once it has settled. */
export function PresentPoint({ point, at: { x, y } }: PresentPointProps) {
  return (
    <g className={classes.present} data-settled={point.settled || undefined}>
      <circle cx={x} cy={y} r={13} className={classes.presentHalo} />
      <circle cx={x} cy={y} r={7} className={classes.presentDot} />
      {point.lostShare > 0 ? <circle cx={x} cy={y} r={11} className={classes.lostRing} /> : null}
      <title>{describe('Now', point)}</title>
    </g>
  );
}

function describe(name: string, point: OperatingPoint): string {
  const lost = point.lostShare > 0 ? `, ${formatShare(point.lostShare)} lost` : '';
  const figures = `${formatFigure(point.throughputRps)} requests/s, p95 ${formatMs(point.p95Ms)} ms`;
  const disturbed = point.disturbed.length > 0 ? `, ${disturbedWords(point.disturbed)}` : '';
  return `${name}: ${figures} from ${point.completions} completions${lost}, ${point.saturation ?? 'no verdict yet'}${disturbed}`;
}

interface OperatingLayerProps {
  readonly picture: Picture;
  readonly sloMs: number | null;
  readonly sloFits: boolean;
}

/** Stands for the present point among the finished ones' ids, which start at 1. */
const NOW = 0;

/** Trail, finished settings and the present point, drawn over the axes. */
export function OperatingLayer({ picture, sloMs, sloFits }: OperatingLayerProps) {
  const area = usePlotArea();
  const xScale = useXAxisScale();
  const yScale = useYAxisScale();
  if (!area || !xScale || !yScale) return null;
  const pixel = (point: OperatingPoint): Pixel => ({
    x: xScale(point.throughputRps) ?? 0,
    y: yScale(point.p95Ms) ?? 0,
  });

  const { finished, present } = picture;
  const slo = sloMs === null ? null : sloNote(area, sloMs, sloFits ? (yScale(sloMs) ?? null) : null);
  const shown = [
    ...(present ? [{ id: NOW, parts: picture.parts, point: present, radius: 13 }] : []),
    ...finished.map((setting) => ({ ...setting, radius: 6 })),
  ];
  const texts = labelTexts(shown);
  const labels = placeLabels(
    shown.map(({ point, radius }, index) => ({ ...pixel(point), radius, text: texts[index] ?? '' })),
    area,
    slo ? [slo.box] : [],
  );

  return (
    <g>
      {slo ? (
        <text x={slo.x} y={slo.y} textAnchor="end" className={classes.sloLabel}>
          {slo.text}
        </text>
      ) : null}
      <Trail picture={picture} pixel={pixel} />
      <Curves finished={finished} pixel={pixel} />
      <Front picture={picture} pixel={pixel} />
      {finished.map((setting) => (
        <FinishedPoint key={setting.id} setting={setting} at={pixel(setting.point)} />
      ))}
      {shown.map(({ id }, index) => {
        const place = labels[index];
        return place ? (
          <text key={id} {...place} className={id === NOW ? classes.presentLabel : classes.pointLabel}>
            {texts[index]}
          </text>
        ) : null;
      })}
      {present ? <PresentPoint point={present} at={pixel(present)} /> : null}
    </g>
  );
}

interface Labelled {
  readonly parts: readonly string[];
  readonly point: OperatingPoint;
}

/** What tells the points apart, and what was lost there: a point that dropped its slow requests must not look good. */
function labelTexts(shown: readonly Labelled[]): readonly string[] {
  const all = shown.map(({ parts }) => parts);
  const names = all.length > 1 ? shortLabels(all) : all.map(fullLabel);
  return shown.map(({ point }, index) => {
    const lost = point.lostShare > 0 ? ` · ${formatShare(point.lostShare)} lost` : '';
    return `${names[index]}${lost}`;
  });
}

const NOTE_HEIGHT = 16;
const NOTE_WIDTH = 130;

/** The objective's words: on its line, or at the top with an arrow when the line is far above. */
function sloNote(area: Box, sloMs: number, lineY: number | null) {
  const x = area.x + area.width - 6;
  const y = lineY === null ? area.y + 14 : lineY - 6;
  const box = { x: x - NOTE_WIDTH, y: y - NOTE_HEIGHT + 3, width: NOTE_WIDTH, height: NOTE_HEIGHT };
  return { x, y, box, text: `SLO ${formatMs(sloMs)} ms${lineY === null ? ' ↑ above' : ''}` };
}

export type LatencyScale = 'linear' | 'log';

interface OperatingChartProps {
  readonly picture: Picture;
  readonly sloMs: number | null;
  readonly scale: LatencyScale;
  readonly width: number;
  readonly height: number;
}

const MARGIN = { top: 12, right: 18, bottom: 18, left: 10 };
/** The objective is drawn into the axis unless that would squash the points to less than this share of it. */
const SLO_ROOM = 0.3;

/** Throughput against p95: where the server is, where it was, and where it stood under other settings. */
export const OperatingChart = memo(function OperatingChart(props: OperatingChartProps) {
  const { picture, sloMs, scale, width, height } = props;
  const points = [...picture.finished.map((finished) => finished.point), ...picture.trail];
  if (picture.present) points.push(picture.present);
  const throughputs = points.map((point) => point.throughputRps);
  const latencies = points.map((point) => point.p95Ms);
  const highest = Math.max(0, ...latencies);
  const fits = sloMs !== null && (highest === 0 || scale === 'log' || highest >= sloMs * SLO_ROOM);

  const xMax = useStableMax(Math.max(0, ...throughputs) * 1.12);
  const yMax = useStableMax(Math.max(highest, fits ? sloMs : 0) * 1.12);
  const lowest = Math.min(highest || 1, ...latencies, fits ? sloMs : Number.POSITIVE_INFINITY);
  const yMin = scale === 'log' ? 10 ** Math.floor(Math.log10(Math.max(0.1, lowest * 0.8))) : 0;
  const top = scale === 'log' ? Math.max(niceCeil(yMax), yMin * 10) : yMax;

  return (
    <ScatterChart width={width} height={height} margin={MARGIN} accessibilityLayer={false}>
      <CartesianGrid stroke={GRID_STROKE} />
      <XAxis
        {...AXIS}
        type="number"
        dataKey="throughputRps"
        domain={[0, xMax]}
        ticks={[...ticksTo(xMax)]}
        tickFormatter={formatTick}
        allowDataOverflow
      >
        <Label
          value="Throughput, requests/s"
          position="insideBottom"
          offset={-10}
          className="hw-axis-label"
        />
      </XAxis>
      <YAxis
        {...AXIS}
        type="number"
        dataKey="p95Ms"
        scale={scale}
        domain={[yMin, top]}
        ticks={[...(scale === 'log' ? logTicks(yMin, top) : ticksTo(top))]}
        tickFormatter={formatTick}
        width={50}
        allowDataOverflow
      >
        <Label
          value="Latency p95, ms"
          position="insideLeft"
          angle={-90}
          offset={4}
          className="hw-axis-label hw-middle"
        />
      </YAxis>
      {/* Recharts lays out its axes only for a chart with data. */}
      <Scatter data={[{ throughputRps: 0, p95Ms: top }]} shape={() => <g />} isAnimationActive={false} />
      {fits ? (
        <ReferenceLine y={sloMs} stroke="var(--hw-high)" strokeDasharray="7 4" strokeWidth={1.5} />
      ) : null}
      <OperatingLayer picture={picture} sloMs={sloMs} sloFits={fits} />
    </ScatterChart>
  );
});
