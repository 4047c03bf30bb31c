import type { ServingRequest } from './request';

/** What a backend answers that takes the sequences of a request as so many passes. */
export const microBatches = ({ sequences }: ServingRequest, microBatchSize: number): number =>
  microBatchSize > 0 ? Math.ceil(sequences / microBatchSize) : 1;
