import { HeadwayError } from './errors';
import type { Slo } from './figures';
import { decimalOf } from './text';

/** A service level objective as the page and a link set it: milliseconds, or off. */
export interface SloParameter<Name extends keyof Slo = keyof Slo> {
  readonly name: Name;
  readonly flag: string;
  readonly label: string;
  readonly help: string;
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly stops: readonly number[];
  /** @throws HeadwayError `invalid-parameter` */
  parse(raw: string): number | null;
}

const MIN_MS = 1;
const MAX_MS = 600_000;

export const SLO_PARAMETERS: { readonly [Name in keyof Required<Slo>]: SloParameter<Name> } = {
  p95Ms: {
    name: 'p95Ms',
    flag: '--slo-p95-ms',
    label: 'Latency p95',
    help: 'The latency that a request may take to count as goodput, and the line in the chart that p95 should stay under.',
    min: MIN_MS,
    max: MAX_MS,
    unit: 'ms',
    stops: [50, 100, 200, 500, 1000, 2000, 5000],
    parse: (raw) => parseSlo('p95Ms (--slo-p95-ms)', raw),
  },
  ttftMs: {
    name: 'ttftMs',
    flag: '--slo-ttft-ms',
    label: 'First token',
    help: 'The time to first token that a request may take to count as goodput.',
    min: MIN_MS,
    max: MAX_MS,
    unit: 'ms',
    stops: [20, 50, 100, 200, 500, 1000, 2000],
    parse: (raw) => parseSlo('ttftMs (--slo-ttft-ms)', raw),
  },
  tpotMs: {
    name: 'tpotMs',
    flag: '--slo-tpot-ms',
    label: 'Time per token',
    help: 'The mean time per output token after the first that a request may take to count as goodput.',
    min: MIN_MS,
    max: MAX_MS,
    unit: 'ms',
    stops: [5, 10, 20, 50, 100, 200, 500],
    parse: (raw) => parseSlo('tpotMs (--slo-tpot-ms)', raw),
  },
  itlP99Ms: {
    name: 'itlP99Ms',
    flag: '--slo-itl-p99-ms',
    label: 'ITL p99',
    help: 'The 99th percentile of the gaps between a request’s own tokens, up to which it counts as goodput.',
    min: MIN_MS,
    max: MAX_MS,
    unit: 'ms',
    stops: [10, 20, 50, 100, 200, 500, 1000],
    parse: (raw) => parseSlo('itlP99Ms (--slo-itl-p99-ms)', raw),
  },
};

function parseSlo(name: string, raw: string): number | null {
  const text = raw.trim();
  if (text === '' || text === 'off') return null;
  const value = decimalOf(text) ?? Number.NaN;
  if (value >= MIN_MS && value <= MAX_MS) return value;
  throw new HeadwayError(
    'invalid-parameter',
    `${name} must be off or a number from ${MIN_MS} to ${MAX_MS}; given: "${raw}".`,
  );
}
