import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { sweepCurves } from '../../store/curves';
import { formatFigure, formatMs, formatShare } from '../../store/format';
import type { FinishedSetting, OperatingPoint, Picture } from '../../store/operating-point';
import { fullLabel, shortLabels } from '../../store/setting-label';
import classes from './charts.module.css';
import { placeLabels } from './place-labels';

interface OperatingLayerProps {
  readonly picture: Picture;
  readonly sloMs: number | null;
  readonly sloFits: boolean;
}

/** Stands for the present point among the finished ones' ids, which start at 1. */
const NOW = 0;

interface Pixel {
  readonly x: number;
  readonly y: number;
}

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
  const presentPixel = present ? pixel(present) : null;
  const shown = [
    ...(present && presentPixel ? [{ id: NOW, parts: picture.parts, radius: 13, ...presentPixel }] : []),
    ...finished.map(({ id, parts, point }) => ({ id, parts, radius: 6, ...pixel(point) })),
  ];
  const allParts = shown.map(({ parts }) => parts);
  const texts = finished.length > 0 ? shortLabels(allParts) : allParts.map(fullLabel);
  const labels = placeLabels(
    shown.map((point, index) => ({ ...point, text: texts[index] ?? '' })),
    area,
  );

  return (
    <g>
      <SloNote area={area} sloMs={sloMs} y={sloFits && sloMs !== null ? (yScale(sloMs) ?? null) : null} />
      <Trail steps={stepsOf(picture).map((point) => ({ at: point.at, ...pixel(point) }))} />
      <Curves finished={finished} pixel={pixel} />
      {finished.map((setting) => (
        <FinishedPoint key={setting.id} setting={setting} {...pixel(setting.point)} />
      ))}
      {shown.map(({ id }, index) => {
        const place = labels[index];
        return place ? (
          <text key={id} {...place} className={id === NOW ? classes.presentLabel : classes.pointLabel}>
            {texts[index]}
          </text>
        ) : null;
      })}
      {present && presentPixel ? (
        <g className={classes.present} data-settled={present.settled || undefined}>
          <circle cx={presentPixel.x} cy={presentPixel.y} r={13} className={classes.presentHalo} />
          <circle cx={presentPixel.x} cy={presentPixel.y} r={7} className={classes.presentDot} />
          <title>{describe('Now', present)}</title>
        </g>
      ) : null}
    </g>
  );
}

/** The trail up to the present point, which is often its last step already. */
function stepsOf({ trail, present }: Picture): readonly OperatingPoint[] {
  return present?.settled && present.at !== trail.at(-1)?.at ? [...trail, present] : trail;
}

function Trail({ steps }: { readonly steps: readonly (Pixel & { readonly at: number })[] }) {
  return (
    <g className={classes.trail}>
      {steps.slice(1).map((to, index) => {
        const from = steps[index];
        const age = (index + 1) / steps.length;
        return from ? (
          <line key={to.at} x1={from.x} y1={from.y} x2={to.x} y2={to.y} opacity={0.08 + 0.6 * age * age} />
        ) : null;
      })}
    </g>
  );
}

interface CurvesProps {
  readonly finished: readonly FinishedSetting[];
  readonly pixel: (point: OperatingPoint) => Pixel;
}

function Curves({ finished, pixel }: CurvesProps) {
  return sweepCurves(finished).map((curve) => {
    const points = curve.map(({ point }) => pixel(point)).map(({ x, y }) => `${x},${y}`);
    return <polyline key={curve[0]?.id} points={points.join(' ')} className={classes.curve} />;
  });
}

function FinishedPoint({ setting, x, y }: { readonly setting: FinishedSetting } & Pixel) {
  const { point } = setting;
  const isGood = point.lostShare === 0 && point.saturation !== 'overloaded';
  return (
    <g className={classes.finished} data-good={isGood || undefined}>
      <circle cx={x} cy={y} r={5} />
      {point.lostShare > 0 ? <circle cx={x} cy={y} r={8.5} className={classes.lostRing} /> : null}
      <title>{describe(fullLabel(setting.parts), point)}</title>
    </g>
  );
}

interface SloNoteProps {
  readonly area: { readonly x: number; readonly y: number; readonly width: number };
  readonly sloMs: number | null;
  readonly y: number | null;
}

/** The objective's words: on its line, or at the top with an arrow when the line is far above. */
function SloNote({ area, sloMs, y }: SloNoteProps) {
  if (sloMs === null) return null;
  return (
    <text
      x={area.x + area.width - 6}
      y={y === null ? area.y + 14 : y - 6}
      textAnchor="end"
      className={classes.sloLabel}
    >
      {y === null ? `SLO ${formatMs(sloMs)} ms ↑ above` : `SLO ${formatMs(sloMs)} ms`}
    </text>
  );
}

function describe(name: string, point: OperatingPoint): string {
  const lost = point.lostShare > 0 ? `, ${formatShare(point.lostShare)} lost` : '';
  return `${name}: ${formatFigure(point.throughputRps)} requests/s, p95 ${formatMs(point.p95Ms)} ms from ${point.completions} completions${lost}, ${point.saturation ?? 'no verdict yet'}`;
}
