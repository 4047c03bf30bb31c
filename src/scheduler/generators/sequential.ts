import { StaticBatchGenerator } from './static-batch';

/** One task at a time, in order of arrival: the un-batched baseline. It is a static batch of one row. */
export class SequentialGenerator extends StaticBatchGenerator {
  override room(): number {
    return this.size === 0 ? 1 : 0;
  }

  protected override batchOf(): number {
    return 1;
  }
}
