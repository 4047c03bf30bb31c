import { scaleLinear, scaleLog, scalePoint } from 'd3-scale';
import { formatCount, formatFigure, formatShare, formatTick } from '../../core/format';
import type { FillPlot, Plot, PlotAxis, PlotPoint, PlotSeries, XyPlot } from './plot';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as it must stand in an element or an attribute. */
export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);

/** Of the drawing, in its own units; it is scaled to the width of the page. */
const [WIDTH, HEIGHT] = [960, 440];
const AREA = { left: 76, right: WIDTH - 20, top: 16, bottom: HEIGHT - 56 };
const FACET = { width: 230, height: 170 };
const COLOURS = 6;

/** Styles of the drawings below: `light-dark()` follows the reader's scheme. */
export const PLOT_STYLE = `
svg { width: 100%; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--muted); } svg .tip text { fill: var(--text); font-size: 13px; }
.axis { stroke: var(--line); } .grid { stroke: var(--line); stroke-dasharray: 2 4; }
.line { fill: none; stroke: var(--c); stroke-width: 2; pointer-events: none; } .bar { stroke: var(--c); stroke-width: 1.25; fill: none; }
.mark { fill: var(--c); stroke: var(--c); stroke-width: 1.75; } .open { fill: var(--ground); }
.lost { fill: none; stroke: var(--bad); stroke-width: 2; } .early { stroke-dasharray: 3 2; }
.limit { stroke: var(--bad); stroke-dasharray: 6 4; } .hit { fill: transparent; }
.tip { visibility: hidden; pointer-events: none; } .tip rect { fill: var(--ground); stroke: var(--line); }
.point:hover .tip, .point:focus .tip { visibility: visible; } .tip .cross { stroke: var(--muted); stroke-dasharray: 3 3; }
.s0 { --c: light-dark(#0b6bcb, #6cb6ff); } .s1 { --c: light-dark(#00795a, #3fc79d); }
.s2 { --c: light-dark(#6d3fc0, #b794f6); } .s3 { --c: light-dark(#b45f06, #f0a95a); }
.s4 { --c: light-dark(#b3123f, #ff7d97); } .s5 { --c: light-dark(#4c5865, #a9b4c0); }
.baseline { --c: var(--text); }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 4px 0 0; padding: 0; list-style: none; font-size: 13px; }
.legend li { margin: 0; } .legend svg { width: 22px; height: 12px; vertical-align: middle; margin-right: 6px; }
.facets { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 8px; }
.facets figcaption { font-size: 12.5px; }
`;

/** A plot as a figure of HTML: SVG whose points tell their values when they are pointed at, without any script. */
export function plotFigure(plot: Plot): string {
  const drawn = plot.kind === 'xy' ? `${xySvg(plot)}\n${legend(plot)}` : fillFacets(plot);
  return `<figure aria-label="${escapeHtml(plot.title)}"><figcaption><b>${escapeHtml(plot.title)}</b> <span class="small">${escapeHtml(plot.caption)}</span></figcaption>
${drawn}</figure>`;
}

/** Places on the drawing, and the ticks of the axis. */
interface Scale {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

function scaleOf(axis: PlotAxis, values: readonly number[], range: readonly [number, number]): Scale {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  switch (axis.scale) {
    case 'category': {
      const names = (axis.ticks ?? []).map(String);
      const scale = scalePoint(
        names.map((_, index) => index),
        range,
      ).padding(0.5);
      const ticks = names.map((text, index) => ({ at: scale(index) ?? 0, text }));
      return { at: (value) => scale(value) ?? 0, ticks };
    }
    case 'share': {
      const scale = scaleLinear([0, 1], range);
      return {
        at: scale,
        ticks: scale.ticks(5).map((value) => ({ at: scale(value), text: formatShare(value) })),
      };
    }
    case 'log': {
      const scale = scaleLog([Math.max(least, 1e-6), Math.max(greatest, least * 1.01, 1e-5)], range);
      const ticks = axis.ticks === null ? scale.nice().ticks(5) : numbers(axis.ticks);
      return { at: scale, ticks: ticks.map((value) => ({ at: scale(value), text: formatTick(value) })) };
    }
    case 'linear': {
      const scale = scaleLinear([Math.min(0, least), greatest > 0 ? greatest : 1], range).nice();
      const ticks = axis.ticks === null ? scale.ticks(6) : numbers(axis.ticks);
      return { at: scale, ticks: ticks.map((value) => ({ at: scale(value), text: formatTick(value) })) };
    }
  }
}

const numbers = (ticks: readonly (string | number)[]) => ticks.filter((tick) => typeof tick === 'number');

function xySvg(plot: XyPlot): string {
  const points = plot.series.flatMap((series) => series.points);
  const x = scaleOf(
    plot.x,
    points.map((point) => point.x),
    [AREA.left, AREA.right],
  );
  const heights = points.flatMap(({ y, low, high }) => [y, low ?? y, high ?? y]);
  // A limit far above the points would press them to the bottom.
  const limit = plot.limit && plot.limit.y <= 2 * Math.max(...heights) ? plot.limit : null;
  const y = scaleOf(plot.y, [...heights, ...(limit ? [limit.y] : [])], [AREA.bottom, AREA.top]);
  const parts = [
    ...y.ticks.map(
      ({ at, text }) =>
        `<path class="grid" d="M${AREA.left} ${round(at)}H${AREA.right}"/><text x="${AREA.left - 8}" y="${round(at) + 4}" text-anchor="end">${escapeHtml(text)}</text>`,
    ),
    ...x.ticks.map(
      ({ at, text }) =>
        `<path class="axis" d="M${round(at)} ${AREA.bottom}v5"/><text x="${round(at)}" y="${AREA.bottom + 20}" text-anchor="middle">${escapeHtml(text)}</text>`,
    ),
    `<path class="axis" d="M${AREA.left} ${AREA.top}V${AREA.bottom}H${AREA.right}" fill="none"/>`,
    `<text x="${(AREA.left + AREA.right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">${escapeHtml(plot.x.label)}</text>`,
    `<text transform="translate(16 ${(AREA.top + AREA.bottom) / 2}) rotate(-90)" text-anchor="middle">${escapeHtml(plot.y.label)}</text>`,
    limit
      ? `<path class="limit" d="M${AREA.left} ${round(y.at(limit.y))}H${AREA.right}"/><text x="${AREA.right}" y="${round(y.at(limit.y)) - 5}" text-anchor="end">${escapeHtml(limit.label)}</text>`
      : '',
    ...plot.series.map((series, index) => seriesSvg(series, classOf(series, index), plot, x, y)),
  ];
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(plot.title)}">${parts.join('')}</svg>`;
}

const classOf = ({ style, label }: PlotSeries, index: number) =>
  style === 'lone' && label === 'Baseline' ? 'baseline' : `s${index % COLOURS}`;

function seriesSvg(series: PlotSeries, name: string, plot: XyPlot, x: Scale, y: Scale): string {
  const { style, points } = series;
  const path = points
    .map((point, index) => {
      const [px, py] = [round(x.at(point.x)), round(y.at(point.y))];
      if (index === 0) return `M${px} ${py}`;
      return style === 'steps' ? `H${px}V${py}` : `L${px} ${py}`;
    })
    .join('');
  const line = style === 'lone' || path === '' ? '' : `<path class="line" d="${path}"/>`;
  return `<g class="${name}">${line}${points.map((point) => pointSvg(point, series, plot, x, y)).join('')}</g>`;
}

/** A mark with its bar, its warning and what is said when it is pointed at. */
function pointSvg(point: PlotPoint, { style, label }: PlotSeries, plot: XyPlot, x: Scale, y: Scale): string {
  const [px, py] = [round(x.at(point.x)), round(y.at(point.y))];
  const { low, high, flag } = point;
  const bar =
    low !== null && high !== null && high > low
      ? `<path class="bar" d="M${px - 4} ${round(y.at(low))}h8M${px} ${round(y.at(low))}V${round(y.at(high))}M${px - 4} ${round(y.at(high))}h8"/>`
      : '';
  const open = flag === null && style !== 'lone' ? '' : ' open';
  const mark = style === 'steps' ? '' : `<circle class="mark${open}" cx="${px}" cy="${py}" r="4.5"/>`;
  const ring = flag
    ? `<circle class="lost${flag === 'lost' ? '' : ' early'}" cx="${px}" cy="${py}" r="9"/>`
    : '';
  const said = wordsOf(point, label, plot);
  return `<g class="point"${style === 'steps' ? '' : ' tabindex="0"'}><title>${escapeHtml(said)}</title>${bar}${mark}${ring}<circle class="hit" cx="${px}" cy="${py}" r="${style === 'steps' ? 5 : 12}"/>${tip(px, py, said)}</g>`;
}

/** `max batch 8: Throughput, requests/s 82.4 (82.2 to 82.6)`; with the place on x where the words do not tell it. */
function wordsOf({ text, x, y, low, high, flag }: PlotPoint, series: string, plot: XyPlot): string {
  const show = (value: number, { scale }: PlotAxis) =>
    scale === 'share' ? formatShare(value) : formatFigure(value);
  const spread = low === null || high === null ? '' : ` (${show(low, plot.y)} to ${show(high, plot.y)})`;
  const isTold = plot.x.scale === 'category' || plot.x.ticks !== null || text.includes(formatCount(x));
  const parts = [
    isTold ? '' : `${plot.x.label} ${show(x, plot.x)}`,
    plot.series.length > 1 && series !== text ? series : '',
    `${plot.y.label} ${show(y, plot.y)}${spread}`,
    flag === 'lost' ? 'requests were lost' : (flag ?? ''),
  ];
  return `${text}: ${parts.filter(Boolean).join(' · ')}`;
}

/** Crosshair and words; hidden until the point is pointed at. */
function tip(x: number, y: number, said: string): string {
  const width = 7 * said.length + 16;
  const left = Math.max(4, Math.min(WIDTH - width - 4, x - width / 2));
  const top = y > AREA.top + 44 ? y - 40 : y + 14;
  return `<g class="tip"><path class="cross" d="M${AREA.left} ${y}H${AREA.right}M${x} ${AREA.top}V${AREA.bottom}"/><rect x="${round(left)}" y="${round(top)}" width="${width}" height="24" rx="4"/><text x="${round(left) + 8}" y="${round(top) + 16}">${escapeHtml(said)}</text></g>`;
}

function legend({ series }: XyPlot): string {
  const items = series.map((one, index) => {
    const line = one.style === 'lone' ? '' : '<path class="line" d="M0 6H22"/>';
    const mark =
      one.style === 'steps'
        ? ''
        : `<circle class="mark${one.style === 'lone' ? ' open' : ''}" cx="11" cy="6" r="4"/>`;
    return `<li class="${classOf(one, index)}"><svg viewBox="0 0 22 12" aria-hidden="true">${line}${mark}</svg>${escapeHtml(one.label)}</li>`;
  });
  return `<ul class="legend">${items.join('')}</ul>`;
}

/** A small histogram for each point. */
function fillFacets({ facets }: FillPlot): string {
  const drawn = facets.map(({ label, batchFill, maxBatch }) => {
    const batches = batchFill.reduce((sum, count) => sum + count, 0);
    const shares = Array.from({ length: maxBatch }, (_, i) =>
      batches > 0 ? (batchFill[i + 1] ?? 0) / batches : 0,
    );
    const x = scaleLinear([0.5, maxBatch + 0.5], [34, FACET.width - 6]);
    const y = scaleLinear([0, Math.max(...shares, 0.01)], [FACET.height - 24, 8]).nice(3);
    const bars = shares.map((share, i) => {
      const said = `${i + 1} of ${maxBatch}: ${formatShare(share)} of the batches`;
      const [left, right, top] = [x(i + 0.55), x(i + 1.45), y(share)];
      return `<g class="point"><title>${said}</title><rect class="mark" stroke-width="0" x="${round(left)}" y="${round(top)}" width="${round(Math.max(1, right - left))}" height="${round(y(0) - top)}"/></g>`;
    });
    const ticks = y
      .ticks(3)
      .map(
        (value) => `<text x="30" y="${round(y(value)) + 4}" text-anchor="end">${formatShare(value)}</text>`,
      );
    const ends = [1, maxBatch].map(
      (n) => `<text x="${round(x(n))}" y="${FACET.height - 8}" text-anchor="middle">${n}</text>`,
    );
    return `<figure><figcaption>${escapeHtml(label)}</figcaption><svg viewBox="0 0 ${FACET.width} ${FACET.height}" role="img" aria-label="${escapeHtml(label)}"><g class="s0">${bars.join('')}</g>${ticks.join('')}${ends.join('')}</svg></figure>`;
  });
  return `<div class="facets">${drawn.join('')}</div>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
