import type { BackendChoice } from '../core/engine';
import { HeadwayError } from '../core/errors';
import type { Slo } from '../core/figures';
import {
  ARRIVAL_PARAMETERS,
  ARRIVAL_USES,
  type Arrival,
  type ArrivalConfig,
  changeLoadConfig,
  DEFAULT_LOAD_CONFIG,
  LOAD_PARAMETERS,
  type LoadConfig,
} from '../core/load-config';
import {
  changeServingConfig,
  DEFAULT_SERVING_CONFIG,
  SERVING_PARAMETERS,
  type ServingConfig,
} from '../core/serving-config';
import { SLO_PARAMETERS } from '../core/slo-parameters';
import type { WasmThreads } from '../core/wasm-threads';
import { contradiction } from '../traffic/contradictions';
import type { Change } from './series';

/** Everything that a visitor can set, and so everything that a link carries. */
export interface Settings {
  /** A catalogue name or the URL of a directory. */
  readonly model: string;
  readonly backend: BackendChoice;
  readonly wasmThreads: WasmThreads;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
}

/**
 * What a first visit sees. The load is gentler than the command line's: arrivals at a rate that any adapter keeps up
 * with, so that the first figures are of a server at ease.
 */
export const START_SETTINGS: Settings = {
  model: 'mini-gpt',
  backend: 'auto',
  wasmThreads: 'auto',
  serving: DEFAULT_SERVING_CONFIG,
  load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate: 5 },
  slo: { p95Ms: 500, ttftMs: null, tpotMs: null, itlP99Ms: null },
};

/** What of the settings changes; the rest stays. */
export interface SettingChanges {
  readonly serving?: Partial<ServingConfig>;
  readonly load?: Partial<LoadConfig>;
  readonly slo?: Partial<Slo>;
}

/** @throws HeadwayError `invalid-parameter` for what is not allowed, alone or beside the rest */
export function withChanges(settings: Settings, changes: SettingChanges): Settings {
  const serving = changeServingConfig(settings.serving, changes.serving ?? {});
  const load = changeLoadConfig(settings.load, changes.load ?? {});
  const slo = { ...settings.slo, ...changes.slo };
  for (const { name, parse } of Object.values(SLO_PARAMETERS)) parse(String(slo[name] ?? 'off'));
  const wrong = contradiction(serving, load);
  if (wrong) throw new HeadwayError('invalid-parameter', wrong);
  return { ...settings, serving, load, slo };
}

/** The settings as they will be if everything that is pending is confirmed: what the controls show. */
export function askedSettings(state: {
  readonly settings: Settings;
  readonly pending: readonly SettingChanges[];
}): Settings {
  const { settings, pending } = state;
  if (pending.length === 0) return settings;
  return {
    ...settings,
    serving: Object.assign({}, settings.serving, ...pending.map(({ serving }) => serving)),
    load: Object.assign({}, settings.load, ...pending.map(({ load }) => load)),
    slo: Object.assign({}, settings.slo, ...pending.map(({ slo }) => slo)),
  };
}

export type ServingName = keyof ServingConfig;
export type LoadName = keyof LoadConfig;

/** Why a parameter has no effect under the present settings, or null when it has one. */
export function whyUnused(
  name: ServingName | LoadName,
  { serving, load }: Pick<Settings, 'serving' | 'load'>,
): string | null {
  switch (name) {
    case 'maxBatch':
      return serving.policy === 'sequential' ? 'sequential serves one at a time' : null;
    case 'maxWaitMs':
      return serving.policy === 'static' ? null : `${serving.policy} never waits`;
    case 'microBatchSize':
    case 'maxMicroBatches':
    case 'channelCapacity':
      return serving.policy === 'continuous' ? 'continuous takes requests straight from the queue' : null;
    case 'maxPrefillTokensPerStep':
      return serving.policy === 'continuous' ? null : `${serving.policy} prefills whole prompts`;
    case 'promptTokens':
    case 'outputTokens':
      return load.arrival === 'trace' ? 'a trace brings its own lengths' : null;
    case 'agingMs':
      return load.urgentShare > 0 ? null : 'all requests have the same priority';
    case 'abandonAfterMs':
      return load.abandonShare > 0 ? null : 'nobody goes away';
    case 'topK':
    case 'topP':
      return load.temperature === 0 ? 'a temperature of 0 is greedy' : null;
    default:
      return isOfArrival(name) ? unusedByArrival(name, load.arrival) : null;
  }
}

const isOfArrival = (name: ServingName | LoadName): name is keyof ArrivalConfig => name in ARRIVAL_PARAMETERS;

function unusedByArrival(name: keyof ArrivalConfig, arrival: Arrival): string | null {
  if (name === 'arrival' || ARRIVAL_USES[arrival].includes(name)) return null;
  return arrival === 'closed'
    ? 'a closed loop sends when it was answered'
    : `${arrival} arrivals have no use for it`;
}

/** What an operating point is measured under. */
export interface PointSetting {
  readonly model: string;
  readonly adapter: string;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
}

/** The identity of a setting: its values that have an effect beside the rest. @param swept names that are left out */
export function settingKey(setting: PointSetting, swept: readonly (ServingName | LoadName)[] = []): string {
  const { model, adapter, serving, load } = setting;
  const names = Object.keys({ ...serving, ...load }) as (ServingName | LoadName)[];
  const used = names.filter((name) => !swept.includes(name) && whyUnused(name, setting) === null);
  const values: Readonly<Record<string, string | number>> = { ...serving, ...load };
  return JSON.stringify([model, adapter, ...used.toSorted().map((name) => [name, values[name]])]);
}

/** Whether two configurations of one table are the same. */
export const sameValues = <Config extends object>(a: Config, b: Config): boolean =>
  (Object.keys(a) as (keyof Config)[]).every((name) => a[name] === b[name]);

/** What differs between two settings, objectives aside: they move no operating point. */
export function changesBetween(before: Settings, after: Settings): readonly Change[] {
  const values = (settings: Settings): readonly (readonly [string, string])[] => [
    ['Model', settings.model],
    ['Backend', settings.backend],
    ['WASM threads', String(settings.wasmThreads)],
    ...Object.values(SERVING_PARAMETERS).map((p) => [p.label, String(settings.serving[p.name])] as const),
    ...Object.values(LOAD_PARAMETERS).map((p) => [p.label, String(settings.load[p.name])] as const),
  ];
  const was = new Map(values(before));
  return values(after).flatMap(([name, to]) => {
    const from = was.get(name) ?? '';
    return from === to ? [] : [{ name, from, to }];
  });
}
