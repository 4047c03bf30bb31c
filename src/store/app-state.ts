import { createStore } from 'zustand/vanilla';
import type { Disturbance } from '../core/disturbance';
import type { LoadProgress, ServingInfo } from '../core/engine';
import type { PlainError } from '../core/errors';
import type { LiveSnapshot, Sample } from '../core/figures';
import type { KeptModel } from '../core/model';
import type { TraceInfo } from '../core/trace';
import { type ExperimentsState, NO_EXPERIMENTS } from './experiments-state';
import { EMPTY_PICTURE, type Picture } from './operating-point';
import type { PlaneOverlay } from './plane';
import type { Mark, SeriesPoint } from './series';
import type { SettingChanges, Settings } from './settings';

/** The recorded load of `trace` arrivals. A file that cannot be read leaves the one before in force. */
interface TraceState {
  /** What is played; null until a file was read. */
  readonly info: TraceInfo | null;
  /** Name of the file that is being read. */
  readonly reading: string | null;
  /** Why the file that was given last cannot be read. */
  readonly problem: string | null;
}

const NO_TRACE: TraceState = { info: null, reading: null, problem: null };

/** Where the model stands, as the page shows it. */
export type ModelState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly progress: LoadProgress | null }
  | { readonly status: 'warming-up' }
  | { readonly status: 'ready'; readonly info: ServingInfo }
  /** Its worker failed, and another loads it anew. */
  | { readonly status: 'replacing'; readonly info: ServingInfo; readonly error: PlainError }
  | { readonly status: 'failed'; readonly error: PlainError }
  /** By the visitor. @param reached the last progress, if it came to any */
  | { readonly status: 'cancelled'; readonly reached: LoadProgress | null }
  | { readonly status: 'lost'; readonly error: PlainError };

export function modelProgress(progress: LoadProgress): ModelState {
  return progress.stage === 'warm-up' ? { status: 'warming-up' } : { status: 'loading', progress };
}

/** The model that answers now, or will again; null if there is none. */
export function servedModel(model: ModelState): ServingInfo | null {
  return model.status === 'ready' || model.status === 'replacing' ? model.info : null;
}

/** What a load that did not end well leaves behind. */
export function unserved(model: ModelState, error: PlainError): ModelState {
  if (error.code !== 'load-cancelled') return { status: 'failed', error };
  return { status: 'cancelled', reached: model.status === 'loading' ? model.progress : null };
}

/** What the clients are doing. */
export type LoadState =
  | { readonly status: 'stopped' | 'running' | 'paused' | 'draining' }
  | { readonly status: 'measuring'; readonly done: number; readonly total: number; readonly repeat: number };

/** Something that went wrong, shown until dismissed. */
interface Problem extends PlainError {
  readonly id: number;
}

/** Other tabs of this page in this browser. */
export interface OtherTabs {
  /** Those that hold a model, under load or not. */
  readonly open: number;
  /** Those of them that are under load, or measure: nothing is measured beside one. */
  readonly busy: number;
  /** Those of them that do any work: a load, a burst, answers to prompts, loading a model. What is measured is marked. */
  readonly working: number;
}

/** How this tab stands in its browser: what disturbs its figures, and did. */
export interface TabState {
  /** Since when it is hidden, ms on the shared clock; null while it is seen. */
  readonly hiddenSince: number | null;
  readonly others: OtherTabs;
  /** When each disturbance was there last, ms on the shared clock. */
  readonly last: Readonly<Partial<Record<Disturbance, number>>>;
  /** The last time that it was hidden under load, for its return; null where there is nothing to say. */
  readonly away: { readonly at: number; readonly ms: number } | null;
}

export const QUIET_TAB: TabState = {
  hiddenSince: null,
  others: { open: 0, busy: 0, working: 0 },
  last: {},
  away: null,
};

/** What answers under way tell before the first of them is complete. */
export interface EarlyFigures {
  /** Where the counting began. */
  readonly base: { readonly at: number; readonly tokens: number; readonly decodes: number };
  /** Tokens that clients received, per second. */
  readonly outputTps: number | null;
  /** Median over the sampled requests that have their first token, ms. */
  readonly ttftMs: number | null;
  /** Mean time from one decode pass to the next, ms. */
  readonly itlMs: number | null;
}

/** Everything that the page shows. There is one; the automation reads and changes the same. */
export interface AppState {
  /** In force: what points, links and labels are made of. */
  readonly settings: Settings;
  /** Asked for and neither confirmed nor refused yet, oldest first. */
  readonly pending: readonly SettingChanges[];
  readonly model: ModelState;
  /** Models of the hub that this browser keeps. */
  readonly keptModels: readonly KeptModel[];
  readonly load: LoadState;
  /** Requests beside the load that this tab is being asked for: bursts, prompts, the visitor's own sentence. */
  readonly asked: number;
  /** Times that a worker failed and was replaced, since the page was opened. */
  readonly replacements: number;
  readonly trace: TraceState;
  readonly tab: TabState;
  readonly snapshot: LiveSnapshot | null;
  /** The last one under load, which stays when the load is stopped. */
  readonly lastLoaded: LiveSnapshot | null;
  /** Null from the first completed answer on. */
  readonly early: EarlyFigures | null;
  readonly series: readonly SeriesPoint[];
  readonly marks: readonly Mark[];
  readonly picture: Picture;
  /** Laid over the main chart: kept runs, other backends, predictions. */
  readonly overlays: readonly PlaneOverlay[];
  /** Newest first; the visitor's own requests are in `own`. */
  readonly samples: readonly Sample[];
  readonly own: readonly Sample[];
  readonly problems: readonly Problem[];
  readonly experiments: ExperimentsState;
}

export function initialState(settings: Settings): AppState {
  return {
    settings,
    pending: [],
    model: { status: 'idle' },
    keptModels: [],
    load: { status: 'stopped' },
    asked: 0,
    replacements: 0,
    trace: NO_TRACE,
    tab: QUIET_TAB,
    snapshot: null,
    lastLoaded: null,
    early: null,
    series: [],
    marks: [],
    picture: EMPTY_PICTURE,
    overlays: [],
    samples: [],
    own: [],
    problems: [],
    experiments: NO_EXPERIMENTS,
  };
}

/** The page's one store, without React: the components, the automation and the tests use the same. */
export const createAppStore = (settings: Settings) => createStore<AppState>(() => initialState(settings));

export type AppStore = ReturnType<typeof createAppStore>;
