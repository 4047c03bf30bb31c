import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { ExperimentRun } from '../../core/experiment';
import type { Plot } from '../../experiments/plots/plot';
import { plotsOf } from '../../experiments/plots/plots-of';
import { smallPrint } from '../../experiments/provenance';
import type { DrawPlots, PlotPicture } from '../../store/experiments-state';
import classes from './charts.module.css';
import { FillChart } from './distribution-charts';
import type { Box } from './place-labels';
import { type LegendEntry, legendEntries, SWATCH } from './plot-style';
import { XyChart } from './xy-chart';

const NARROWEST = 190;
const GAP = 8;

/** Places for `count` small charts of one size in a box: as many side by side as are wide enough to be read, in even rows. */
export function facetGrid(count: number, width: number, height: number): readonly Box[] {
  const most = Math.max(1, Math.min(count, Math.floor((width + GAP) / (NARROWEST + GAP))));
  const rows = Math.ceil(count / most);
  const columns = Math.ceil(count / rows);
  const size = {
    width: Math.floor((width + GAP) / columns) - GAP,
    height: Math.floor((height + GAP) / rows) - GAP,
  };
  return Array.from({ length: count }, (_, index) => ({
    x: (index % columns) * (size.width + GAP),
    y: Math.floor(index / columns) * (size.height + GAP),
    ...size,
  }));
}

/** Rows that `facetGrid` makes of so many in this width. */
export const facetRows = (count: number, width: number): number =>
  Math.ceil(count / Math.max(1, Math.min(count, Math.floor((width + GAP) / (NARROWEST + GAP)))));

/** One chart of a printed sheet. */
export interface PrintPart {
  readonly place: Box;
  /** Words over it, where there are several. */
  readonly caption: string | null;
  readonly chart: ReactNode;
}

const XY_HEIGHT = 440;
const FACET_HEIGHT = 250;
const CAPTION = 20;

/** A plot's charts with their places in a sheet of this width. */
export function printParts(plot: Plot, width: number): readonly PrintPart[] {
  if (plot.kind === 'xy') {
    const place = { x: 0, y: 0, width, height: XY_HEIGHT };
    return [{ place, caption: null, chart: <XyChart plot={plot} width={width} height={XY_HEIGHT} /> }];
  }
  const count = plot.facets.length;
  const places = facetGrid(count, width, facetRows(count, width) * FACET_HEIGHT);
  return plot.facets.flatMap(({ label, batchFill, maxBatch }, index) => {
    const place = places[index];
    if (!place) return [];
    const size = { width: place.width, height: place.height - CAPTION };
    return {
      place: { ...place, y: place.y + CAPTION, height: size.height },
      caption: label,
      chart: <FillChart batchFill={batchFill} maxBatch={maxBatch} {...size} titled />,
    };
  });
}

/** What stands around the charts on a printed sheet. */
export interface SheetWords {
  readonly title: string;
  /** Whose plot it is, and how to read it. */
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  readonly smallPrint: readonly string[];
}

interface PrintSheetProps extends SheetWords {
  readonly width: number;
  /** The charts' part of the sheet. */
  readonly chartsHeight: number;
  /** Words of each chart, where there are several. */
  readonly captions: readonly { readonly place: Box; readonly text: string }[];
}

export const SHEET_MARGIN = 20;
const HEAD = 62;
const LEGEND_LINE = 20;
const FOOT_LINE = 15;
const GLYPH = 6.3;

/** One picture for print as SVG, but for its charts, which are laid into it afterwards. */
export function PrintSheet(props: PrintSheetProps) {
  const { title, subtitle, legend, smallPrint, width, chartsHeight, captions } = props;
  const entries = legendPlaces(legend, width - 2 * SHEET_MARGIN);
  const top = chartsTop(legend, width);
  const height = sheetHeight(props);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} xmlns="http://www.w3.org/2000/svg">
      <title>{title}</title>
      <rect width={width} height={height} fill="var(--hw-panel)" />
      <text x={SHEET_MARGIN} y={32} fontSize={19} fontWeight={650} fill="var(--hw-text)">
        {title}
      </text>
      <text x={SHEET_MARGIN} y={52} fontSize={12.5} fill="var(--hw-muted)">
        {subtitle}
      </text>
      {legend.map(({ label, swatch }, index) => {
        const place = entries[index];
        return place ? (
          <g key={label} transform={`translate(${SHEET_MARGIN + place.x} ${HEAD + place.y})`}>
            {swatch}
            <text x={SWATCH.width + 8} y={13} fontSize={12} fill="var(--hw-text)">
              {label}
            </text>
          </g>
        ) : null;
      })}
      {captions.map(({ place, text }) => (
        <text
          key={text}
          x={SHEET_MARGIN + place.x + 12}
          y={top + place.y - 4}
          fontSize={12}
          fill="var(--hw-text)"
        >
          {text}
        </text>
      ))}
      {smallPrint.map((line, index) => (
        <text
          key={line}
          x={SHEET_MARGIN}
          y={top + chartsHeight + 22 + index * FOOT_LINE}
          fontSize={10.5}
          fill="var(--hw-muted)"
        >
          {line}
        </text>
      ))}
    </svg>
  );
}

/** Where the charts begin, under title and legend. */
export function chartsTop(legend: readonly LegendEntry[], width: number): number {
  const last = legendPlaces(legend, width - 2 * SHEET_MARGIN).at(-1);
  return HEAD + (last ? last.y + LEGEND_LINE : 0) + 8;
}

const sheetHeight = ({
  legend,
  width,
  chartsHeight,
  smallPrint,
}: Pick<PrintSheetProps, 'legend' | 'width' | 'chartsHeight' | 'smallPrint'>): number =>
  chartsTop(legend, width) + chartsHeight + smallPrint.length * FOOT_LINE + 22;

/** Entries side by side, in as many lines as they need. */
function legendPlaces(
  legend: readonly LegendEntry[],
  width: number,
): readonly { readonly x: number; readonly y: number }[] {
  let [x, y] = [0, 0];
  return legend.map(({ label }) => {
    const own = SWATCH.width + 8 + label.length * GLYPH + 18;
    if (x > 0 && x + own > width) [x, y] = [0, y + LEGEND_LINE];
    const place = { x, y };
    x += own;
    return place;
  });
}

/** What of an element's style an SVG file has to carry in itself, as attributes: a picture has no style sheet. */
const INLINED = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'paint-order',
  'opacity',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
] as const;

/**
 * Draws an SVG element of the document as it looks now.
 * @param scale pixels of the picture per CSS pixel
 * @returns the bytes of a PNG @throws Error when the browser cannot draw it
 */
export async function rasterize(svg: SVGSVGElement, scale: number): Promise<Uint8Array> {
  const { width, height } = svg.getBoundingClientRect();
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('The browser gave no canvas to draw the picture on.');
  context.drawImage(await imageOf(standalone(svg)), 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('The browser could not make a PNG of the picture.');
  return new Uint8Array(await blob.arrayBuffer());
}

/** The element as a file of its own. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const [originals, copies] = [svg.querySelectorAll('*'), copy.querySelectorAll('*')];
  originals.forEach((original, index) => {
    const element = copies[index];
    if (!element) return;
    const style = getComputedStyle(original);
    for (const name of INLINED) element.setAttribute(name, style.getPropertyValue(name));
    element.removeAttribute('class');
    element.removeAttribute('style');
  });
  return new XMLSerializer().serializeToString(copy);
}

async function imageOf(source: string): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(new Blob([source], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** CSS pixels, and pixels of the picture for each. */
const WIDTH = 960;
const SCALE = 2;

/** Every plot of a run for print: the page's own charts, out of sight, in the light colours. */
export const drawPlots: DrawPlots = async (run) => {
  const pictures: PlotPicture[] = [];
  // One after the other: each is in the document for a moment.
  for (const plot of plotsOf(run)) pictures.push(await drawPlot(plot, run));
  return pictures;
};

async function drawPlot(plot: Plot, run: ExperimentRun): Promise<PlotPicture> {
  const { title, caption } = plot;
  const parts = printParts(plot, WIDTH - 2 * SHEET_MARGIN);
  const legend = plot.kind === 'xy' ? legendEntries(plot) : [];
  const host = document.createElement('div');
  host.className = `hw-print ${classes.offscreen} ${classes.frame}`;
  host.inert = true;
  document.body.append(host);
  const root = createRoot(host);
  try {
    flushSync(() =>
      root.render(
        <>
          <PrintSheet
            title={title}
            subtitle={[`${run.name}.`, caption].join(' ')}
            legend={legend}
            smallPrint={smallPrint(run)}
            width={WIDTH}
            chartsHeight={Math.max(...parts.map(({ place }) => place.y + place.height))}
            captions={parts.flatMap(({ place, caption: text }) => (text === null ? [] : { place, text }))}
          />
          {parts.map(({ chart, place }) => (
            <div key={`${place.x},${place.y}`}>{chart}</div>
          ))}
        </>,
      ),
    );
    const charts = await drawnCharts(host, parts.length);
    const sheet = host.querySelector<SVGSVGElement>(':scope > svg');
    if (!sheet) throw new Error(`The plot "${title}" was not drawn.`);
    layInto(sheet, charts, parts, chartsTop(legend, WIDTH));
    const png = await rasterize(sheet, SCALE);
    return { name: `${plot.name}.png`, title: `${title}. ${caption}`.trim(), png };
  } finally {
    root.unmount();
    host.remove();
  }
}

/** Copies, since React keeps the originals. */
function layInto(
  sheet: SVGSVGElement,
  charts: readonly SVGSVGElement[],
  parts: readonly PrintPart[],
  top: number,
): void {
  charts.forEach((chart, index) => {
    const place = parts[index]?.place;
    if (!place) return;
    const copy = chart.cloneNode(true) as SVGSVGElement;
    copy.setAttribute('x', String(SHEET_MARGIN + place.x));
    copy.setAttribute('y', String(top + place.y));
    copy.setAttribute('width', String(place.width));
    copy.setAttribute('height', String(place.height));
    sheet.append(copy);
  });
}

const LOOK_EVERY_MS = 30;
const LONGEST_MS = 10_000;

/** A chart lays itself out in several passes: it is done when it has ticks and two looks at it see the same. */
async function drawnCharts(host: HTMLElement, count: number): Promise<readonly SVGSVGElement[]> {
  const end = performance.now() + LONGEST_MS;
  let before = '';
  while (performance.now() < end) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    const charts = [...host.querySelectorAll<SVGSVGElement>('svg.recharts-surface')];
    const ready = charts.filter((chart) => chart.querySelector('.recharts-cartesian-axis-tick'));
    if (ready.length === count && host.innerHTML === before) return charts;
    before = host.innerHTML;
  }
  throw new Error(`The browser drew no chart for print within ${LONGEST_MS / 1000} seconds.`);
}
