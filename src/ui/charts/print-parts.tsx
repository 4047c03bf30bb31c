import type { ReactNode } from 'react';
import type { Plot } from '../../experiments/plots/plot';
import { facetGrid, facetRows } from './facet-grid';
import { FillChart } from './fill-chart';
import type { Box } from './place-labels';
import { XyChart } from './xy-chart';

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
