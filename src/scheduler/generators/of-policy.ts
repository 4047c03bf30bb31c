import type { Backend } from '../../core/backend';
import type { Policy, ServingConfig } from '../../core/serving-config';
import { ContinuousBatchGenerator } from './continuous-batch';
import type { InferenceGenerator } from './generator';
import { SequentialGenerator } from './sequential';
import { StaticBatchGenerator } from './static-batch';

const GENERATORS = {
  sequential: SequentialGenerator,
  static: StaticBatchGenerator,
  continuous: ContinuousBatchGenerator,
} satisfies Record<Policy, unknown>;

/** @param config answers with what is in force at the time */
export const generatorOf = (
  policy: Policy,
  backend: Backend,
  config: () => ServingConfig,
): InferenceGenerator => new GENERATORS[policy](backend, config);
