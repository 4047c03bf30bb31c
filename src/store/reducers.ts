import type { TrafficUpdate } from '../core/commands';
import type { PlainError } from '../core/errors';
import type { LiveSnapshot, Sample } from '../core/figures';
import { middleOf } from '../metrics/percentiles';
import { type AppState, type EarlyFigures, type LoadState, type ModelState, servedModel } from './app-state';
import { changeSetting, disturb, finishSetting, keyOf, seeSnapshot } from './operating-point';
import { appendBurst, appendMark, appendPoint } from './series';
import { labelParts } from './setting-label';
import { changesBetween, type Settings } from './settings';
import { disturbedSince } from './tab-state';

const MAX_SAMPLES = 40;

/** Folds new and changed samples in; newest first by the time they were first seen. */
export function mergeSamples(known: readonly Sample[], news: readonly Sample[]): readonly Sample[] {
  if (news.length === 0) return known;
  const changed = new Map(news.map((sample) => [sample.id, sample]));
  const updated = known.map((sample) => changed.get(sample.id) ?? sample);
  const seen = new Set(known.map((sample) => sample.id));
  const fresh = [...changed.values()].filter((sample) => !seen.has(sample.id)).reverse();
  return [...fresh, ...updated].slice(0, MAX_SAMPLES);
}

/** The four-a-second summary from the traffic worker. */
export function seeUpdate(state: AppState, { snapshot, samples }: TrafficUpdate): AppState {
  return {
    ...state,
    snapshot,
    lastLoaded: isLoaded(state.load) ? snapshot : state.lastLoaded,
    early: isLoaded(state.load) ? earlyFigures(state.early, snapshot, samples) : null,
    series: appendPoint(state.series, snapshot),
    // What was answered without a load, or in its pause, is no point of the setting.
    picture: isLoaded(state.load)
      ? seeSnapshot(state.picture, snapshot, disturbedSince(state.tab, snapshot.at - snapshot.windowMs))
      : { ...state.picture, present: null },
    samples: mergeSamples(
      state.samples,
      samples.filter((sample) => !sample.own),
    ),
    own: mergeSamples(
      state.own,
      samples.filter((sample) => sample.own),
    ),
  };
}

const SHORTEST_RATE_MS = 500;

function earlyFigures(
  before: EarlyFigures | null,
  { at, latency_ms, counters: { tokens, decodes } }: LiveSnapshot,
  samples: readonly Sample[],
): EarlyFigures | null {
  if (latency_ms) return null;
  const base = before?.base ?? { at, tokens, decodes };
  const ms = at - base.at;
  const written = tokens - base.tokens;
  const passes = decodes - base.decodes;
  const first = samples.map(({ ttftMs }) => ttftMs).filter((ttft) => ttft !== null);
  return {
    base,
    outputTps: ms >= SHORTEST_RATE_MS && written > 0 ? (written * 1000) / ms : null,
    ttftMs: middleOf(first) ?? before?.ttftMs ?? null,
    itlMs: ms >= SHORTEST_RATE_MS && passes > 0 ? ms / passes : null,
  };
}

const isLoaded = ({ status }: LoadState) => status === 'running' || status === 'measuring';

/** New settings, already checked: a mark over time, and the old setting's point is finished. @param at shared clock, ms */
export function changeSettings(state: AppState, settings: Settings, at: number): AppState {
  const changes = changesBetween(state.settings, settings);
  const changed = { ...state, settings };
  if (changes.length === 0) return changed;
  return renewSetting({ ...changed, marks: appendMark(state.marks, { at, changes }) }, at);
}

/** The model's state; when another model or adapter answers from now on, the picture changes setting too. */
export function changeModel(state: AppState, model: ModelState, at: number): AppState {
  // No figure of one model stands beside the name of another.
  const lastLoaded = model.status === 'ready' ? state.lastLoaded : null;
  const experiments = { ...state.experiments, pace: null };
  return renewSetting({ ...state, model, lastLoaded, experiments }, at);
}

/** The worker of the model that is served failed, and is being replaced. */
export function replaceWorker(state: AppState, error: PlainError, at: number): AppState {
  const told = addProblem({ ...state, replacements: state.replacements + 1 }, error);
  const info = servedModel(state.model);
  return info ? changeModel(told, { status: 'replacing', info, error }, at) : told;
}

function renewSetting(state: AppState, at: number): AppState {
  const info = servedModel(state.model);
  const parts = labelParts(state.settings, info ? `${info.adapter.kind} ${info.adapter.name}` : '');
  const { serving, load } = state.settings;
  const setting = info && { model: info.model.name, adapter: info.adapter.name, serving, load };
  if (keyOf({ parts, setting }) === keyOf(state.picture)) return state;
  return { ...state, picture: changeSetting(state.picture, parts, setting, at) };
}

const LOAD_WORD = {
  running: 'started',
  paused: 'paused',
  draining: 'stopping',
  measuring: 'measured',
} as const;

/** A stop or a pause keeps the point that was reached; a start begins anew. */
export function changeLoad(state: AppState, load: LoadState, at: number): AppState {
  const { status } = load;
  if (state.load.status === status) return { ...state, load };
  const resumes = status === 'running' && state.load.status === 'paused';
  const word = status === 'stopped' ? null : resumes ? 'resumed' : LOAD_WORD[status];
  const marks = word
    ? appendMark(state.marks, { at, changes: [{ name: 'Load', from: '', to: word }] })
    : state.marks;
  const picture = { ...finishSetting(state.picture), since: at };
  return { ...state, load, marks, picture };
}

/** So many requests were sent at once: a mark, and the setting's point stands as it was before. */
export function markBurst(state: AppState, count: number, at: number): AppState {
  return { ...state, marks: appendBurst(state.marks, count, at), picture: disturb(state.picture, at) };
}

const MAX_PROBLEMS = 5;

/** The same sentence twice is shown once. */
export function addProblem(state: AppState, { code, message }: PlainError): AppState {
  if (state.problems.some((known) => known.message === message)) return state;
  const id = Math.max(0, ...state.problems.map((known) => known.id)) + 1;
  return { ...state, problems: [...state.problems, { id, code, message }].slice(-MAX_PROBLEMS) };
}

export function dismissProblem(state: AppState, id: number): AppState {
  return { ...state, problems: state.problems.filter((known) => known.id !== id) };
}
