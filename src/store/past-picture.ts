import type { AppState, PastPicture } from './app-state';
import { servedModel } from './model-state';
import { EMPTY_PICTURE, type Picture } from './operating-point';

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
      finished: picture.finished.slice(-MOST_FINISHED).map((one) => ({ ...one, setting: null })),
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
