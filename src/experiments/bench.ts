import type { Adapter } from '../core/backend';
import type { ServingConfig } from '../core/serving-config';
import type { LoadConfig } from '../load/load-config';
import type { RequestRecord } from '../metrics/ledger';
import type { Slo } from '../metrics/snapshot';
import type { RunSummary } from '../metrics/summary';

/** One configuration to measure. */
export interface BenchOptions {
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
  /** Exactly this many, or null for as many as fall into `durationS`. One of the two is set. */
  readonly requests: number | null;
  readonly durationS: number | null;
  readonly repeats: number;
}

/** `summary.json`. With repeats, each figure is the median of the repeats' figures; counts are sums. */
export interface BenchSummary extends RunSummary {
  readonly config: ServingConfig & LoadConfig;
  readonly seed: number;
  readonly repeats: number;
  readonly p95_ms_by_repeat: readonly (number | null)[];
  readonly adapter: Adapter;
  readonly model: { readonly name: string; readonly sha256: string };
  /** Code revision that the page was built from. */
  readonly revision: string;
  /** ISO 8601. */
  readonly started_at: string;
  readonly finished_at: string;
}

export interface BenchResult {
  readonly summary: BenchSummary;
  /** One list per repeat. */
  readonly records: readonly (readonly RequestRecord[])[];
}
