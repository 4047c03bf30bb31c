import { StaticBatchGenerator } from './static-batch';

/** One task at a time, in order of arrival: the un-batched baseline. It is a static batch of one member. */
export class SequentialGenerator extends StaticBatchGenerator {
  override room() {
    return super.room(1);
  }
}
