import type { PlainError } from '../core/errors';
import type { LiveSnapshot, Sample } from '../metrics/snapshot';
import type { KeptModel } from '../model/hub/kept-model';
import { type ExperimentsState, NO_EXPERIMENTS } from './experiments-state';
import type { ModelState } from './model-state';
import { EMPTY_PICTURE, type Picture } from './operating-point';
import type { PastPicture } from './past-picture';
import type { Mark, SeriesPoint } from './series';
import type { Settings } from './settings';
import { QUIET_TAB, type TabState } from './tab-state';
import { NO_TRACE, type TraceState } from './trace-state';

/** What the clients are doing. */
export type LoadState =
  | { readonly status: 'stopped' | 'running' | 'paused' | 'draining' }
  | { readonly status: 'measuring'; readonly done: number; readonly total: number; readonly repeat: number };

/** Something that went wrong, shown until dismissed. */
export interface Problem extends PlainError {
  readonly id: number;
}

/** Everything that the page shows. There is one; the automation reads and changes the same. */
export interface AppState {
  readonly settings: Settings;
  readonly model: ModelState;
  /** Models of the hub that this browser keeps. */
  readonly keptModels: readonly KeptModel[];
  readonly load: LoadState;
  /** Times that a worker failed and was replaced, since the page was opened. */
  readonly replacements: number;
  readonly trace: TraceState;
  readonly tab: TabState;
  readonly snapshot: LiveSnapshot | null;
  readonly series: readonly SeriesPoint[];
  readonly marks: readonly Mark[];
  readonly picture: Picture;
  /** Shown until the first true figures come: of the last visit, or simulated. */
  readonly past: PastPicture | null;
  /** Newest first; the visitor's own requests are in `own`. */
  readonly samples: readonly Sample[];
  readonly own: readonly Sample[];
  readonly problems: readonly Problem[];
  readonly experiments: ExperimentsState;
}

export function initialState(settings: Settings): AppState {
  return {
    settings,
    model: { status: 'idle' },
    keptModels: [],
    load: { status: 'stopped' },
    replacements: 0,
    trace: NO_TRACE,
    tab: QUIET_TAB,
    snapshot: null,
    series: [],
    marks: [],
    picture: EMPTY_PICTURE,
    past: null,
    samples: [],
    own: [],
    problems: [],
    experiments: NO_EXPERIMENTS,
  };
}
