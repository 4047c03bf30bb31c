import type { Backend } from '../core/backend';
import type { Clock } from '../core/clock';
import type { ServingEvent } from '../core/events';
import type { ServingConfig } from '../core/serving-config';

/** What a scheduler is given. */
export interface SchedulerParts {
  readonly backend: Backend;
  readonly clock: Clock;
  readonly config: ServingConfig;
  /** Called for every event, in order, synchronously. It must not call back into the scheduler. */
  readonly emit: (event: ServingEvent) => void;
  /** Makes another backend of the same kind when this one is lost; says when it has come to warming up. */
  readonly renew?: (warmingUp: () => void) => Promise<Backend>;
}
