import { HeadwayError } from '../core/errors';
import { changeServingConfig, DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../load/load-config';
import type { BenchOptions } from './bench';

/** @throws HeadwayError `invalid-parameter`, naming the parameter, what was given and what is allowed */
export function validateBench({ serving, load, slo, requests, durationS, repeats }: BenchOptions): void {
  changeServingConfig(DEFAULT_SERVING_CONFIG, serving);
  changeLoadConfig(DEFAULT_LOAD_CONFIG, load);
  if ((requests === null) === (durationS === null)) {
    throw invalid(
      'requests (--requests) or durationS (--duration-s)',
      'given, exactly one of the two',
      requests === null ? 'neither' : `both, ${requests} and ${durationS}`,
    );
  }
  if (requests !== null) whole('requests (--requests)', requests, 1, 1_000_000);
  if (durationS !== null) within('durationS (--duration-s)', durationS, 0.1, 86_400);
  whole('repeats (--repeats)', repeats, 1, 100);
  if (slo.p95Ms !== null) within('slo.p95Ms (--slo-p95-ms)', slo.p95Ms, 1, 600_000);
  if (slo.ttftMs !== null) within('slo.ttftMs (--slo-ttft-ms)', slo.ttftMs, 1, 600_000);
}

function whole(name: string, value: number, min: number, max: number): void {
  if (!Number.isInteger(value) || value < min || value > max) {
    throw invalid(name, `a whole number from ${min} to ${max}`, value);
  }
}

function within(name: string, value: number, min: number, max: number): void {
  if (!(typeof value === 'number' && value >= min && value <= max)) {
    throw invalid(name, `a number from ${min} to ${max}`, value);
  }
}

const invalid = (name: string, allowed: string, given: unknown) =>
  new HeadwayError('invalid-parameter', `${name} must be ${allowed}; given: ${String(given)}.`);
