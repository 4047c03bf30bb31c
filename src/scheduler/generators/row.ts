import type { PrefillRow } from '../../core/backend';
import { HeadwayError, toPlain } from '../../core/errors';
import type { FinishReason, RequestId, ServingRequest } from '../../core/request';
import type { GeneratorEvent } from './generator';

/** A request under way, and its sequences. */
export interface Task {
  readonly request: ServingRequest;
  readonly rows: readonly Row[];
}

/** One sequence of a task. A `done` row may still be computed as padding, but nothing is said about it any more. */
export interface Row {
  readonly task: Task;
  /** Which of the task's sequences, from 0. */
  readonly sequence: number;
  /** Prompt tokens handed to the backend. */
  prefilled: number;
  /** Tokens asked of the backend; those under way are not in `outputTokens` yet. */
  asked: number;
  outputTokens: number;
  done: boolean;
  /** Done without an answer: cancelled, expired or failed. */
  gone: boolean;
}

/** The sequences of a request that nobody has begun. */
export function newRows(request: ServingRequest): readonly Row[] {
  const rows: Row[] = [];
  const task = { request, rows };
  for (let sequence = 0; sequence < request.sequences; sequence++) {
    rows.push({ task, sequence, prefilled: 0, asked: 0, outputTokens: 0, done: false, gone: false });
  }
  return rows;
}

/** Whether the row has prompt tokens left that no pass was given. */
export const hasPromptLeft = ({ done, prefilled, task }: Row): boolean =>
  !done && prefilled < task.request.prompt.length;

/** Whether the row is past its prompt and needs one more token than it has been asked for, as far as is known. */
export const isDecoding = ({ done, prefilled, asked, task: { request } }: Row): boolean =>
  !done && prefilled === request.prompt.length && asked < request.maxNewTokens;

/** The row's next `most` prompt tokens for the backend, which count as handed over. */
export function nextChunk(row: Row, slot: number, most = Number.POSITIVE_INFINITY): PrefillRow {
  const { prompt, sampling } = row.task.request;
  const start = row.prefilled;
  const tokens = start === 0 && prompt.length <= most ? prompt : prompt.slice(start, start + most);
  row.prefilled += tokens.length;
  const own = sampling && { ...sampling, seed: (sampling.seed + row.sequence) >>> 0 };
  return { slot, tokens, start, sampling: own };
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
  const { id, ignoreEos, maxNewTokens } = row.task.request;
  if (!ignoreEos && eosTokens.includes(token)) return finish(row, 'stop');
  row.outputTokens += 1;
  const written: GeneratorEvent = { type: 'token', id, token, sequence: row.sequence };
  return row.outputTokens >= maxNewTokens ? [written, ...finish(row, 'length')] : [written];
}

/** The task ends with its last row. */
function finish(row: Row, reason: FinishReason): GeneratorEvent[] {
  row.done = true;
  const { request, rows } = row.task;
  return rows.every(({ done }) => done) ? [{ type: 'finished', id: request.id, reason }] : [];
}

/** Ends every task that has a row here which is not done: the pass that they were in has failed. */
export function failRows(rows: readonly Row[], error: unknown): GeneratorEvent[] {
  const { message } = toPlain(error);
  return end(rows, (id) => ({ type: 'failed', id, message }));
}

/** Ends the tasks whose ids are in `cancelled`. */
export function cancelRows(rows: readonly Row[], cancelled: ReadonlySet<RequestId>): GeneratorEvent[] {
  if (cancelled.size === 0) return [];
  const gone = rows.filter((row) => cancelled.has(row.task.request.id));
  return end(gone, (id) => ({ type: 'cancelled', id }));
}

function end(rows: readonly Row[], event: (id: RequestId) => GeneratorEvent): GeneratorEvent[] {
  const tasks = new Set(rows.filter((row) => !row.done).map(({ task }) => task));
  for (const task of tasks) {
    for (const row of task.rows) {
      row.gone = !row.done;
      row.done = true;
    }
  }
  return [...tasks].map(({ request }) => event(request.id));
}
