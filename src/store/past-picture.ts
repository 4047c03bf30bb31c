import type { Adapter } from '../core/backend';
import type { LiveSnapshot } from '../metrics/snapshot';
import type { AppState } from './app-state';
import { servedModel } from './model-state';
import { EMPTY_PICTURE, type Picture } from './operating-point';
import type { SeriesPoint } from './series';

/** Of a snapshot, what the headline shows. */
export type HeadlineFigures = Pick<
  LiveSnapshot,
  | 'throughputRps'
  | 'throughputTps'
  | 'goodputRps'
  | 'sloAttainment'
  | 'latency'
  | 'latencyP95Interval'
  | 'latencyP999'
  | 'ttft'
  | 'inFlight'
  | 'queueDepth'
  | 'totals'
  | 'batchFill'
  | 'meanBatchFill'
  | 'wastedTokenShare'
  | 'sendLagMs'
  | 'saturation'
  | 'littlesLawError'
>;

/**
 * What stands in the charts until the first true figures come: those of the last visit, or simulated ones. It is kept apart
 * from everything that is measured in this visit, and is in no export.
 */
export interface PastPicture {
  readonly version: 1;
  /** When its last figures were measured, ISO 8601; null of simulated ones. */
  readonly at: string | null;
  readonly adapter: Adapter;
  readonly model: string;
  /** Name and version. */
  readonly browser: string;
  readonly figures: HeadlineFigures;
  readonly series: readonly SeriesPoint[];
  readonly picture: Pick<Picture, 'parts' | 'present' | 'finished'>;
}

/** As many points of the series as a small chart needs, and finished settings as can be told apart. */
const MOST_POINTS = 60;
const MOST_FINISHED = 16;

/** The page's figures as they are now, to be shown another time; null without any. */
export function pastOf(state: AppState, browser: string, at: string | null): PastPicture | null {
  const { snapshot, series, picture } = state;
  const info = servedModel(state.model);
  if (!snapshot?.latency || !info) return null;
  const step = Math.ceil(series.length / MOST_POINTS);
  const { kind, name, software } = info.adapter;
  return {
    version: 1,
    at,
    adapter: { kind, name, software },
    model: info.model.name,
    browser,
    figures: {
      throughputRps: snapshot.throughputRps,
      throughputTps: snapshot.throughputTps,
      goodputRps: snapshot.goodputRps,
      sloAttainment: snapshot.sloAttainment,
      latency: snapshot.latency,
      latencyP95Interval: snapshot.latencyP95Interval,
      latencyP999: snapshot.latencyP999,
      ttft: snapshot.ttft,
      inFlight: snapshot.inFlight,
      queueDepth: snapshot.queueDepth,
      totals: snapshot.totals,
      batchFill: snapshot.batchFill,
      meanBatchFill: snapshot.meanBatchFill,
      wastedTokenShare: snapshot.wastedTokenShare,
      sendLagMs: snapshot.sendLagMs,
      saturation: snapshot.saturation,
      littlesLawError: snapshot.littlesLawError,
    },
    // The youngest is always among them.
    series: series.filter((_, index) => (series.length - 1 - index) % step === 0),
    picture: {
      parts: picture.parts,
      present: picture.present,
      finished: picture.finished.slice(-MOST_FINISHED),
    },
  };
}

/** As the main chart draws one. */
export const pictureOf = ({ picture }: PastPicture): Picture => ({ ...EMPTY_PICTURE, ...picture });

/** Whose figures these are, as a sentence. */
export function pastLabel({ at, adapter, model, browser }: PastPicture): string {
  if (at === null) {
    return 'Simulated, not measured: what the scheduler does with a model that only costs time.';
  }
  const day = new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
  return `Last time, not now: ${day}, ${model} on ${adapter.name}, ${browser.replace(/[.].*/, '')}.`;
}
