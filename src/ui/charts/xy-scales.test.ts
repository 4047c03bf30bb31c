import { expect, test } from 'vitest';
import type { PlotAxis, XyPlot } from '../../experiments/plots/plot';
import { xAxisOf, yAxisOf } from './xy-scales';

const axis = (scale: PlotAxis['scale'], ticks: PlotAxis['ticks'] = null): PlotAxis => ({
  label: 'It',
  scale,
  ticks,
});

function plot(points: readonly (readonly [x: number, y: number])[], changes: Partial<XyPlot> = {}): XyPlot {
  return {
    kind: 'xy',
    name: 'it',
    title: 'It',
    caption: '',
    x: axis('linear'),
    y: axis('linear'),
    series: [
      {
        label: 'a',
        style: 'marks',
        points: points.map(([x, y]) => ({ x, y, low: null, high: null, point: 'p', text: 'p', flag: null })),
      },
    ],
    limit: null,
    labelled: false,
    ...changes,
  };
}

test('every point lies inside of its axes, with its bar', () => {
  const drawn = plot([
    [1, 10],
    [90, 40],
  ]);
  const [first] = drawn.series;
  const withBar = {
    ...drawn,
    series: first
      ? [{ ...first, points: first.points.map((point) => ({ ...point, low: 1, high: 77 })) }]
      : [],
  };
  expect(xAxisOf(withBar).domain[1]).toBeGreaterThan(90);
  expect(yAxisOf(withBar).domain).toEqual([0, 100]);
});

test('sizes stand at their own ticks on a logarithmic axis, with room beside the outermost', () => {
  const x = xAxisOf(plot([[1, 1]], { x: axis('log', [1, 2, 4, 32]) }));
  expect(x.ticks).toEqual([1, 2, 4, 32]);
  expect(x.domain[0]).toBeLessThan(1);
  expect(x.domain[1]).toBeGreaterThan(32);
});

test('names stand side by side', () => {
  const x = xAxisOf(plot([[0, 1]], { x: axis('category', ['static', 'continuous']) }));
  expect(x.domain).toEqual([-0.5, 1.5]);
  expect(x.ticks.map(x.format)).toEqual(['static', 'continuous']);
});

test('an objective far above the points is not drawn into the axis', () => {
  const far = yAxisOf(plot([[1, 20]], { limit: { y: 500, label: 'SLO' } }));
  expect(far).toMatchObject({ limitFits: false });
  expect(far.domain[1]).toBeLessThan(30);
  const near = yAxisOf(plot([[1, 200]], { limit: { y: 500, label: 'SLO' } }));
  expect(near.limitFits).toBe(true);
  expect(near.domain[1]).toBeGreaterThanOrEqual(500);
});

test('a logarithmic axis without given ticks begins and ends at a step', () => {
  const y = yAxisOf(
    plot(
      [
        [1, 12],
        [2, 4300],
      ],
      { y: axis('log') },
    ),
  );
  expect(y.domain).toEqual([10, 5000]);
  expect(y.ticks[0]).toBe(10);
});

test('shares read in percent', () => {
  const y = yAxisOf(plot([[1, 0.034]], { y: axis('share') }));
  expect(y.domain).toEqual([0, 0.04]);
  expect(y.format(0.01)).toBe('1 %');
});
