import type { PrefillRow } from '../../core/backend';
import { HeadwayError, toPlain } from '../../core/errors';
import type { RequestId, ServingRequest } from '../../core/request';
import type { GeneratorEvent } from './generator';

/** A task under way. A `done` row may still be computed as padding, but nothing is said about it any more. */
export interface Row {
  readonly task: ServingRequest;
  /** Prompt tokens handed to the backend. */
  prefilled: number;
  /** Tokens asked of the backend; those under way are not in `outputTokens` yet. */
  asked: number;
  outputTokens: number;
  done: boolean;
}

export const newRow = (task: ServingRequest): Row => ({
  task,
  prefilled: 0,
  asked: 0,
  outputTokens: 0,
  done: false,
});

/** Whether the row has prompt tokens left that no pass was given. */
export const hasPromptLeft = (row: Row): boolean => !row.done && row.prefilled < row.task.prompt.length;

/** Whether the row is past its prompt and needs one more token than it has been asked for, as far as is known. */
export const isDecoding = (row: Row): boolean =>
  !row.done && row.prefilled === row.task.prompt.length && row.asked < row.task.maxNewTokens;

/** The row's next `most` prompt tokens for the backend, which count as handed over. */
export function nextChunk(row: Row, slot: number, most = Number.POSITIVE_INFINITY): PrefillRow {
  const { prompt, sampling } = row.task;
  const start = row.prefilled;
  const tokens = start === 0 && prompt.length <= most ? prompt : prompt.slice(start, start + most);
  row.prefilled += tokens.length;
  return { slot, tokens, start, sampling };
}

/**
 * Commits the tokens of one pass: `tokens[i]` is row i's. Rows that are done already are passed over.
 * An end-of-sequence token ends its row unless the length is forced; it is not part of the answer.
 * @throws HeadwayError `backend-failed` for a wrong number of tokens: no row may get another's
 */
export function commitTokens(
  rows: readonly Row[],
  tokens: readonly number[],
  eosTokens: readonly number[],
): GeneratorEvent[] {
  if (tokens.length !== rows.length) {
    throw new HeadwayError(
      'backend-failed',
      `The backend answered ${tokens.length} rows where ${rows.length} were asked.`,
    );
  }
  return rows.flatMap((row, i) => (row.done ? [] : commitToken(row, tokens[i] as number, eosTokens)));
}

function commitToken(row: Row, token: number, eosTokens: readonly number[]): GeneratorEvent[] {
  const { id, ignoreEos, maxNewTokens } = row.task;
  if (!ignoreEos && eosTokens.includes(token)) {
    row.done = true;
    return [{ type: 'finished', id, reason: 'stop' }];
  }
  row.outputTokens += 1;
  row.done = row.outputTokens >= maxNewTokens;
  const written: GeneratorEvent = { type: 'token', id, token };
  return row.done ? [written, { type: 'finished', id, reason: 'length' }] : [written];
}

/** Ends every row that is not done: the pass that they were in has failed. */
export function failRows(rows: readonly Row[], error: unknown): GeneratorEvent[] {
  const { message } = toPlain(error);
  return end(rows, (id) => ({ type: 'failed', id, message }));
}

/** Ends the rows whose ids are in `cancelled`. */
export function cancelRows(rows: readonly Row[], cancelled: ReadonlySet<RequestId>): GeneratorEvent[] {
  const gone = rows.filter((row) => cancelled.has(row.task.id));
  return end(gone, (id) => ({ type: 'cancelled', id }));
}

function end(rows: readonly Row[], event: (id: RequestId) => GeneratorEvent): GeneratorEvent[] {
  const live = rows.filter((row) => !row.done);
  for (const row of live) row.done = true;
  return live.map((row) => event(row.task.id));
}
