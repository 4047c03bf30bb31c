import { usePlotArea, useXAxisScale, useYAxisScale } from 'recharts';
import { formatMs, formatShare } from '../../store/format';
import type { OperatingPoint, Picture } from '../../store/operating-point';
import { fullLabel, shortLabels } from '../../store/setting-label';
import classes from './charts.module.css';
import { Curves, FinishedPoint, Front, type Pixel, PresentPoint, Trail } from './operating-marks';
import { type Box, placeLabels } from './place-labels';

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
