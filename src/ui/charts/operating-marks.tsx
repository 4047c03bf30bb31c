import { disturbedWords } from '../../core/disturbance';
import { sweepCurves } from '../../store/curves';
import { formatFigure, formatMs, formatShare } from '../../store/format';
import {
  type FinishedSetting,
  keepsUp,
  type OperatingPoint,
  type Picture,
} from '../../store/operating-point';
import { paretoFront } from '../../store/pareto-front';
import { fullLabel } from '../../store/setting-label';
import classes from './charts.module.css';

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
