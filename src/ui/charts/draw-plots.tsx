import { flushSync } from 'react-dom';
import { createRoot } from 'react-dom/client';
import type { ExperimentRun } from '../../core/experiment';
import type { Plot } from '../../experiments/plots/plot';
import { plotsOf } from '../../experiments/plots/plots-of';
import { smallPrint } from '../../experiments/provenance';
import type { DrawPlots, PlotPicture } from '../../store/experiments-state';
import classes from './charts.module.css';
import { legendEntries } from './legend-entries';
import { type PrintPart, printParts } from './print-parts';
import { chartsTop, PrintSheet, SHEET_MARGIN } from './print-sheet';
import { rasterize } from './rasterize';

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
