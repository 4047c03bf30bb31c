import type { RequestRecord } from '../../core/request-record';
import type { Cell } from './csv';

type Time = 'scheduled' | 'sent' | 'enqueued' | 'batched' | 'started' | 'firstToken' | 'finished';

const TIMES: readonly Time[] = [
  'scheduled',
  'sent',
  'enqueued',
  'batched',
  'started',
  'firstToken',
  'finished',
];

/** A request's columns in every `requests.csv`. Times in ms from the repeat's first `scheduled`, empty where it never got there. */
export const REQUEST_COLUMNS = [
  'repeat',
  'id',
  'scheduled_ms',
  'sent_ms',
  'enqueued_ms',
  'batched_ms',
  'started_ms',
  'first_token_ms',
  'finished_ms',
  'batch_size',
  'prompt_tokens',
  'output_tokens',
  'outcome',
] as const;

/** A line of cells for each request of a repeat. */
export function requestCells(
  records: readonly RequestRecord[],
  repeat: number,
): readonly (readonly Cell[])[] {
  const start = records.reduce(
    (first, { scheduled }) => Math.min(first, scheduled),
    Number.POSITIVE_INFINITY,
  );
  return records.map((record) => {
    const times = TIMES.map((time) => {
      const at = record[time];
      return at === null ? null : (at - start).toFixed(3);
    });
    const { id, batchSize, promptTokens, outputTokens, outcome } = record;
    return [repeat, id, ...times, batchSize, promptTokens, outputTokens, outcome];
  });
}
