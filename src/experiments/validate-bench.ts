import { HeadwayError } from '../core/errors';
import type { BenchOptions } from '../core/experiment';
import { changeLoadConfig, DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { checkParameter } from '../core/parameter';
import { changeServingConfig, DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { contradiction } from '../traffic/contradictions';
import { EXTENT_PARAMETERS, SLO_NUMBERS } from './bench-parameters';

/** @throws HeadwayError `invalid-parameter`, naming the parameter, what was given and what is allowed */
export function validateBench({ serving, load, slo, requests, durationS, repeats }: BenchOptions): void {
  const wrong = contradiction(
    changeServingConfig(DEFAULT_SERVING_CONFIG, serving),
    changeLoadConfig(DEFAULT_LOAD_CONFIG, load),
  );
  if (wrong) throw new HeadwayError('invalid-parameter', wrong);
  if ((requests === null) === (durationS === null)) {
    const given = requests === null ? 'neither' : `both, ${requests} and ${durationS}`;
    throw new HeadwayError(
      'invalid-parameter',
      `requests (--requests) or durationS (--duration-s) must be given, exactly one of the two; given: ${given}.`,
    );
  }
  if (requests !== null) checkParameter(EXTENT_PARAMETERS.requests, requests);
  if (durationS !== null) checkParameter(EXTENT_PARAMETERS.durationS, durationS);
  checkParameter(EXTENT_PARAMETERS.repeats, repeats);
  if (slo.p95Ms !== null) checkParameter(SLO_NUMBERS.p95Ms, slo.p95Ms);
  if (slo.ttftMs !== null) checkParameter(SLO_NUMBERS.ttftMs, slo.ttftMs);
}
