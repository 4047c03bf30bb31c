import { DEFAULT_SERVING_CONFIG, SERVING_PARAMETERS, type ServingConfig } from '../core/serving-config';
import { DEFAULT_LOAD_CONFIG, LOAD_PARAMETERS, type LoadConfig } from '../load/load-config';
import type { Slo } from '../metrics/snapshot';
import type { BackendChoice } from '../server/control';
import { DEFAULT_MODEL } from './model-catalogue';

/** Everything that a visitor can set, and so everything that a link carries. */
export interface Settings {
  /** A catalogue name or the URL of a directory. */
  readonly model: string;
  readonly backend: BackendChoice;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
}

/**
 * What a first visit sees. The load is gentler than the command line's: arrivals at a rate that any adapter keeps up
 * with, so that the first figures are of a server at ease.
 */
export const START_SETTINGS: Settings = {
  model: DEFAULT_MODEL,
  backend: 'auto',
  serving: DEFAULT_SERVING_CONFIG,
  load: { ...DEFAULT_LOAD_CONFIG, arrival: 'poisson', rate: 5 },
  slo: { p95Ms: 500, ttftMs: null },
};

export type ServingName = keyof ServingConfig;
export type LoadName = keyof LoadConfig;

/** Why a parameter has no effect under the present settings, or null when it has one. */
export function whyUnused(name: ServingName | LoadName, settings: Settings): string | null {
  const { serving, load } = settings;
  switch (name) {
    case 'maxBatch':
      return serving.policy === 'sequential' ? 'sequential serves one request at a time' : null;
    case 'maxWaitMs':
      return serving.policy === 'static' ? null : `${serving.policy} never waits for company`;
    case 'concurrency':
      return load.arrival === 'closed' ? null : `${load.arrival} arrivals do not wait for answers`;
    case 'rate':
      return load.arrival === 'closed' ? 'a closed loop sends when it was answered' : null;
    default:
      return null;
  }
}

/** One sentence on what changed, for a mark in a chart: "Max batch 8 → 16". Null when nothing did. */
export function describeChange(before: Settings, after: Settings): string | null {
  const parts: string[] = [];
  const compare = (label: string, a: unknown, b: unknown) => {
    if (a !== b) parts.push(`${label} ${a} → ${b}`);
  };
  compare('Model', before.model, after.model);
  compare('Backend', before.backend, after.backend);
  for (const p of Object.values(SERVING_PARAMETERS))
    compare(p.label, before.serving[p.name], after.serving[p.name]);
  for (const p of Object.values(LOAD_PARAMETERS)) compare(p.label, before.load[p.name], after.load[p.name]);
  return parts.length > 0 ? parts.join(', ') : null;
}
