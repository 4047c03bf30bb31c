import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Adapter } from '../core/backend';
import { HeadwayError, isCancelled, toPlain } from '../core/errors';
import type { Interval } from '../core/figures';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG, POLICIES, type Policy } from '../core/serving-config';
import type { AppActions } from './actions';
import type { AppState, AppStore } from './app-state';
import { servedModel } from './app-state';
import { formatFigure } from './format';
import type { Shelf } from './kept-points';
import { until } from './lessons/lesson-conductor';
import type { Settings } from './settings';

/** What one policy served in its last and longest stage. */
export interface ShownPolicy {
  readonly policy: Policy;
  /** Completed requests per second over the stage, and the lowest and highest of its parts. */
  readonly rps: number;
  readonly rpsRange: Interval;
  readonly p95Ms: number;
  readonly p95Interval: Interval | null;
}

/** Where the 30 seconds stand. */
export type ShowState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'waiting' }
  | { readonly kind: 'running'; readonly policy: Policy; readonly clients: number; readonly done: number }
  /** @property isClear whether the spreads of the runs are apart */
  | { readonly kind: 'said'; readonly isClear: boolean; readonly says: string }
  | { readonly kind: 'failed'; readonly says: string };

export interface ShowMe {
  readonly store: StoreApi<ShowState>;
  /** Runs to its sentence; what the page had before comes back only by `stop`. */
  start(): Promise<void>;
  /** Ends it early, with the settings and the load from before it. */
  stop(): Promise<void>;
  /** Puts its sentence away. */
  close(): void;
}

interface Surroundings {
  readonly store: AppStore;
  readonly actions: Pick<AppActions, 'configure' | 'startLoad' | 'stopLoad' | 'ready'>;
  /** ms on the shared clock. */
  readonly now: () => number;
}

/** Each policy serves a growing closed load, so that it draws a curve; the last stage is the one that is compared. */
const STAGES = [
  { clients: 8, ms: 3000 },
  { clients: 16, ms: 3000 },
  { clients: 32, ms: 3500 },
] as const;
/** A stage of a slow model lasts so many times as long, and then it has failed. */
const PATIENCE = 5;
const TOTAL_STAGES = POLICIES.length * STAGES.length;

/** The same requests for every policy; their lengths differ, since that is what batching has to deal with. */
const LOAD = { ...DEFAULT_LOAD_CONFIG, arrival: 'closed', outputTokens: '4:28' } as const;
const SERVING = { ...DEFAULT_SERVING_CONFIG, maxBatch: 16 };

/** Parts of a stage whose rates are compared: how much they differ says how far a rate can be trusted. */
const PARTS = 3;

export function createShowMe({ store: page, actions, now }: Surroundings): ShowMe {
  const store = createStore<ShowState>(() => ({ kind: 'idle' }));
  let giveUp = new AbortController();
  let before: { readonly settings: Settings; readonly isRunning: boolean } | null = null;

  async function show(signal: AbortSignal): Promise<void> {
    store.setState({ kind: 'waiting' }, true);
    await actions.ready();
    signal.throwIfAborted();
    const { settings, load } = page.getState();
    if (load.status === 'measuring') {
      throw new HeadwayError(
        'invalid-state',
        'An experiment is being measured. Start again when it has ended.',
      );
    }
    before = { settings, isRunning: load.status === 'running' };
    const shown: ShownPolicy[] = [];
    for (const [turn, policy] of POLICIES.entries()) {
      // What one policy leaves in the queue must not count for the next.
      await actions.stopLoad();
      let last: ShownPolicy | null = null;
      for (const [index, stage] of STAGES.entries()) {
        store.setState(
          {
            kind: 'running',
            policy,
            clients: stage.clients,
            done: (turn * STAGES.length + index) / TOTAL_STAGES,
          },
          true,
        );
        signal.throwIfAborted();
        await actions.configure({
          serving: { ...SERVING, policy },
          load: { ...LOAD, concurrency: stage.clients },
        });
        if (index === 0) await actions.startLoad();
        last = await watch(policy, stage.ms, signal);
      }
      if (last) shown.push(last);
    }
    const adapter = servedModel(page.getState().model)?.adapter;
    store.setState(
      { kind: 'said', ...sentenceOf(shown, adapter ? machineOf(adapter) : 'this machine') },
      true,
    );
  }

  /** Lets a stage last its time, or longer until its figures stand. */
  async function watch(policy: Policy, ms: number, signal: AbortSignal): Promise<ShownPolicy> {
    const since = now();
    const { settings } = page.getState();
    const seen: { at: number; completed: number }[] = [];
    await until(
      page,
      (state) => {
        const reason = whyEnded(state, settings);
        if (reason !== null) throw new HeadwayError('invalid-state', reason);
        const { snapshot, picture } = state;
        if (snapshot === null || snapshot.at <= (seen.at(-1)?.at ?? since)) return false;
        seen.push({ at: snapshot.at, completed: snapshot.totals.completed });
        const elapsed = snapshot.at - since;
        if (elapsed >= ms && picture.present?.settled) return true;
        if (elapsed < ms * PATIENCE) return false;
        throw new HeadwayError(
          'invalid-state',
          `This model is too slow here for 30 seconds: ${snapshot.totals.completed} requests were completed in the last ${Math.round(elapsed / 1000)} s. Load a smaller model, or choose another backend.`,
        );
      },
      signal,
    );
    const { present } = page.getState().picture;
    if (!present) throw new HeadwayError('invalid-state', 'No request was completed.');
    return {
      policy,
      rps: present.throughput_rps,
      rpsRange: rangeOfParts(seen),
      p95Ms: present.p95Ms,
      p95Interval: present.p95IntervalMs,
    };
  }

  return {
    store,
    async start() {
      if (['waiting', 'running'].includes(store.getState().kind)) return;
      giveUp = new AbortController();
      const { signal } = giveUp;
      try {
        await show(signal);
      } catch (error) {
        if (!signal.aborted && !isCancelled(error)) {
          store.setState({ kind: 'failed', says: toPlain(error).message }, true);
        }
      }
    },
    async stop() {
      giveUp.abort();
      store.setState({ kind: 'idle' }, true);
      if (!before) return;
      const { settings, isRunning } = before;
      before = null;
      await actions.stopLoad();
      await actions.configure({ serving: settings.serving, load: settings.load, slo: settings.slo });
      if (isRunning) await actions.startLoad();
    },
    close: () => store.setState({ kind: 'idle' }, true),
  };
}

function whyEnded(state: AppState, settings: Settings): string | null {
  const { serving, load } = state.settings;
  if (serving !== settings.serving || load !== settings.load) {
    return 'A setting was changed, so the comparison ended. The page is yours.';
  }
  if (state.model.status !== 'ready') return 'The model stopped answering.';
  if (state.load.status !== 'running') return 'The load was paused or stopped, so the comparison ended.';
  return null;
}

/** The lowest and the highest rate of equal parts of a stage. */
function rangeOfParts(seen: readonly { readonly at: number; readonly completed: number }[]): Interval {
  const marks = Array.from(
    { length: PARTS + 1 },
    (_, part) => seen[Math.round((part * (seen.length - 1)) / PARTS)],
  );
  const rates = marks.slice(1).flatMap((to, index) => {
    const from = marks[index];
    return from && to && to.at > from.at
      ? [((to.completed - from.completed) * 1000) / (to.at - from.at)]
      : [];
  });
  return [Math.min(...rates), Math.max(...rates)];
}

/** What was measured, in one sentence; it says so where the spreads of two policies overlap. */
export function sentenceOf(shown: readonly ShownPolicy[], adapter: string) {
  const [sequential, continuous] = (['sequential', 'continuous'] as const).map((policy) =>
    shown.find((each) => each.policy === policy),
  );
  if (!sequential || !continuous) throw new Error('Both policies are shown before the sentence.');
  const range = ([low, high]: Interval) => `${formatFigure(low)} to ${formatFigure(high)}`;
  if (areMixed(sequential.rpsRange, continuous.rpsRange)) {
    return {
      isClear: false,
      says: `Not clear on this machine: sequential served ${range(sequential.rpsRange)} requests/s and continuous ${range(continuous.rpsRange)}.`,
    };
  }
  const rate = ratioWords(continuous.rps / sequential.rps);
  const latency =
    sequential.p95Interval &&
    continuous.p95Interval &&
    areMixed(sequential.p95Interval, continuous.p95Interval)
      ? 'about the same p95'
      : latencyWords(continuous.p95Ms / sequential.p95Ms);
  return {
    isClear: true,
    says: `Continuous serves ${rate} the requests of sequential at ${latency}, here, on ${adapter}.`,
  };
}

function machineOf({ kind, name }: Adapter): string {
  if (kind === 'wasm') return 'CPU (WASM)';
  return kind === 'simulated' ? 'a simulation' : name;
}

const areMixed = (a: Interval, b: Interval) => a[0] <= b[1] && b[0] <= a[1];

const ratioWords = (ratio: number) => `${ratio.toFixed(ratio < 10 ? 1 : 0)} ×`;

function latencyWords(ratio: number): string {
  if (ratio > 0.45 && ratio < 0.55) return 'half the p95';
  return `${ratio.toFixed(ratio < 0.1 ? 2 : 1)} × the p95`;
}

/** Whether this browser has not been here before; where it keeps nothing, it is asked for nothing. */
export function isFirstVisit(shelf: Shelf): boolean {
  try {
    const isFirst = shelf.read() === null;
    shelf.write('yes');
    return isFirst;
  } catch {
    return false;
  }
}

/**
 * Whether the 30 seconds start without being asked for: on a first visit, and never where a link brings settings, where the
 * load must not start, or where a program drives the browser.
 */
export const startsByItself = (visit: {
  readonly isFirst: boolean;
  readonly hasSettings: boolean;
  readonly autostart: boolean;
  readonly showMe: boolean;
  readonly isDriven: boolean;
}): boolean => visit.showMe || (visit.isFirst && !visit.hasSettings && visit.autostart && !visit.isDriven);
