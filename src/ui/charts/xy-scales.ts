import type { PlotAxis, PlotPoint, XyPlot } from '../../experiments/plots/plot';
import { formatTick } from '../../store/format';
import { floorStep, logTicks, niceCeil, ticksTo } from './axis';

/** One axis ready to be drawn. */
export interface DrawnAxis {
  readonly scale: 'linear' | 'log';
  readonly domain: readonly [number, number];
  readonly ticks: readonly number[];
  readonly format: (tick: number) => string;
}

/** The objective is drawn into the axis unless that would squash the points to less than this share of it. */
const LIMIT_ROOM = 0.3;

export function xAxisOf({ x, series }: XyPlot): DrawnAxis {
  const values = series.flatMap(({ points }) => points.map((point) => point.x));
  const axis = axisOf(x, values);
  if (x.scale !== 'linear' || values.length === 0) return axis;
  // Up to the last point rather than to a round number: width is for the points.
  const end = Math.max(...values, ...numbersOf(x.ticks)) * 1.06;
  return { ...axis, domain: [0, end], ticks: x.ticks ? axis.ticks : ticksTo(end) };
}

/** Also whether the objective fits into it. */
export function yAxisOf({ y, series, limit }: XyPlot): DrawnAxis & { readonly limitFits: boolean } {
  const values = series.flatMap(({ points }) => points.flatMap(extentOf));
  const highest = Math.max(0, ...values);
  const limitFits = limit !== null && (y.scale === 'log' || highest >= limit.y * LIMIT_ROOM);
  return { ...axisOf(y, limitFits ? [...values, limit.y] : values), limitFits };
}

const extentOf = ({ y, low, high }: PlotPoint) => [y, low ?? y, high ?? y];

function axisOf({ scale, ticks }: PlotAxis, values: readonly number[]): DrawnAxis {
  switch (scale) {
    case 'category':
      return {
        scale: 'linear',
        domain: [-0.5, Math.max(1, ticks?.length ?? 1) - 0.5],
        ticks: (ticks ?? []).map((_, index) => index),
        format: (index) => String(ticks?.[index] ?? ''),
      };
    case 'share': {
      const top = Math.max(...values) > 0.5 ? 1 : niceCeil(Math.max(0.01, ...values));
      return {
        scale: 'linear',
        domain: [0, top],
        ticks: ticksTo(top),
        format: (share) => `${Number((share * 100).toPrecision(3))} %`,
      };
    }
    case 'log':
      return { scale: 'log', format: formatTick, ...logDomain(ticks, values) };
    case 'linear': {
      const given = numbersOf(ticks);
      const top = niceCeil(Math.max(0, ...values, ...given) * 1.06);
      return {
        scale: 'linear',
        domain: [0, top],
        ticks: given.length > 0 ? given : ticksTo(top),
        format: formatTick,
      };
    }
  }
}

/** With given ticks, room for a mark beside the outermost; else whole steps of 1, 2 and 5. */
function logDomain(given: PlotAxis['ticks'], values: readonly number[]): Pick<DrawnAxis, 'domain' | 'ticks'> {
  const ticks = numbersOf(given);
  const all = [...ticks, ...values].filter((value) => value > 0);
  const [least, greatest] = [Math.min(...all), Math.max(...all)];
  if (ticks.length > 0) return { domain: [least / 1.3, greatest * 1.3], ticks };
  const domain = [floorStep(least / 1.1), niceCeil(greatest * 1.1)] as const;
  return { domain, ticks: logTicks(...domain) };
}

const numbersOf = (ticks: PlotAxis['ticks']): readonly number[] =>
  (ticks ?? []).filter((tick) => typeof tick === 'number');
