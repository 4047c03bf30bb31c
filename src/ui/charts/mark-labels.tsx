import { usePlotArea, useXAxisScale } from 'recharts';
import { type Mark, markLabel } from '../../store/series';
import classes from './charts.module.css';

interface MarkLabelsProps {
  readonly marks: readonly Mark[];
}

const GLYPH_WIDTH = 5.7;

/** A handle on each mark, and the words of the latest one where they fit. */
export function MarkLabels({ marks }: MarkLabelsProps) {
  const area = usePlotArea();
  const scale = useXAxisScale();
  if (!area || !scale) return null;
  const latest = marks.at(-1);
  return (
    <g>
      {marks.map((mark) => {
        const x = scale(mark.at) ?? 0;
        return (
          <path key={mark.at} d={`M${x - 4} ${area.y - 7}h8l-4 6z`} className={classes.mark}>
            <title>{markLabel(mark)}</title>
          </path>
        );
      })}
      {latest ? (
        <LatestLabel
          text={markLabel(latest)}
          positions={marks.map((mark) => scale(mark.at) ?? 0)}
          area={area}
        />
      ) : null}
    </g>
  );
}

interface LatestLabelProps {
  readonly text: string;
  /** Of all marks, the latest last. */
  readonly positions: readonly number[];
  readonly area: { readonly x: number; readonly y: number; readonly width: number };
}

function LatestLabel({ text, positions, area }: LatestLabelProps) {
  const x = positions.at(-1) ?? 0;
  const before = positions.at(-2) ?? Number.NEGATIVE_INFINITY;
  const width = text.length * GLYPH_WIDTH + 8;
  const fitsRight = x + width <= area.x + area.width;
  const fitsLeft = x - width >= Math.max(area.x, before + 6);
  if (!fitsRight && !fitsLeft) return null;
  return (
    <text
      x={fitsRight ? x + 8 : x - 8}
      y={area.y - 3}
      textAnchor={fitsRight ? 'start' : 'end'}
      className={classes.markLabel}
    >
      {text}
    </text>
  );
}
