import type { Backend } from '../../core/backend';
import { StaticBatchGenerator } from './static-batch';

/** One task at a time, in order of arrival: the un-batched baseline. It is a static batch of one row. */
export class SequentialGenerator extends StaticBatchGenerator {
  constructor(backend: Backend) {
    super(backend, 1);
  }
}
