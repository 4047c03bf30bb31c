import type { Calibration } from './calibration';
import type { Saturation, Slo } from './figures';
import type { LoadConfig } from './load-config';
import type { Policy, ServingConfig } from './serving-config';

export const ROUTERS = ['central', 'round-robin', 'least-outstanding', 'power-of-two'] as const;
export type RouterName = (typeof ROUTERS)[number];

/** What a twin is asked about. */
export interface TwinQuestion {
  readonly calibration: Calibration;
  readonly serving: ServingConfig;
  readonly load: LoadConfig;
  readonly slo: Slo;
  /** Engines behind one address, and how a request finds its engine. */
  readonly replicas: number;
  readonly router: RouterName;
  /** How many times faster the device is than the one that was calibrated. */
  readonly speed: number;
  /** Requests of each simulation. */
  readonly requests: number;
}

/** One predicted setting. */
export interface TwinPoint {
  /** Of what is swept: the rate, or the clients of a closed loop. */
  readonly amount: number;
  readonly throughput_rps: number;
  readonly outputTps: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number;
  readonly p99Ms: number | null;
  readonly ttftP95Ms: number | null;
  readonly tpotP50Ms: number | null;
  readonly goodput_rps: number | null;
  readonly wastedShare: number | null;
  readonly batchFill: number | null;
  readonly completions: number;
  /** Requests that were not completed, as a share. */
  readonly lostShare: number;
  readonly saturation: Saturation | null;
  /** Lowest and highest p95 over several seeds, ms; null for a single one. */
  readonly p95Range: readonly [number, number] | null;
  /** What the calibration has never seen, as phrases. */
  readonly extrapolated: readonly string[];
}

export interface TwinCurve {
  readonly policy: Policy;
  /** By what is swept, ascending. */
  readonly points: readonly TwinPoint[];
}

/** How many engines meet an objective. */
export interface FleetAnswer {
  /** Null: not even `tried` engines do. */
  readonly replicas: number | null;
  readonly tried: number;
  /** With so many. */
  readonly point: TwinPoint | null;
  /** With one fewer; null for one engine. */
  readonly fewer: TwinPoint | null;
}

/** What one row of a step was. */
export type RaceRow = 'prefill' | 'decode' | 'wasted';

/** One forward pass of a lane. */
export interface RaceStep {
  /** ms from the start of the race. */
  readonly from: number;
  readonly to: number;
  readonly slots: readonly number[];
  readonly rows: readonly RaceRow[];
}

/** One policy's run under the arrivals of the race. */
export interface RaceLane {
  readonly policy: Policy;
  readonly slots: number;
  readonly steps: readonly RaceStep[];
  /** Of each request, in the order of sending, ms from the start; null where it never came to it. */
  readonly requests: readonly {
    readonly sent: number;
    readonly started: number | null;
    readonly finished: number | null;
    /** From its schedule to its end; null where it was not completed. */
    readonly latencyMs: number | null;
  }[];
  /** ms until the last request had settled. */
  readonly lasted: number;
  readonly extrapolated: readonly string[];
}

/** What the page asks of the twin's worker. */
export interface TwinControl {
  /** Each policy over the offered load, the present load among it; empty for a load that has no steady rate. */
  curves(question: TwinQuestion): readonly TwinCurve[];
  /** One setting, with several seeds. Null where nothing was completed. */
  point(question: TwinQuestion): TwinPoint | null;
  /** The fewest engines that keep the question's objective at its load. */
  replicas(question: TwinQuestion): FleetAnswer;
  /** The same arrivals through each policy. */
  race(question: TwinQuestion): readonly RaceLane[];
}
