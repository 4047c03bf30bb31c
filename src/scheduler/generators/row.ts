import type { StepRow } from '../../core/backend';
import { HeadwayError, toPlain } from '../../core/errors';
import type { FinishReason, RequestId, ServingRequest } from '../../core/request';
import { decodeWork, prefillWork, type StepGeometry, type StepWork } from '../../core/step-work';

/** How a task ended in a step. */
export type TaskEnd =
  | { readonly type: 'finished'; readonly id: RequestId; readonly reason: FinishReason }
  | { readonly type: 'cancelled'; readonly id: RequestId }
  | { readonly type: 'failed'; readonly id: RequestId; readonly message: string };

/** The tokens of a pass, in row order: request `ids[i]` got `tokens[i]` for its sequence `sequences[i]`. */
export interface Written {
  readonly ids: RequestId[];
  readonly tokens: number[];
  readonly sequences: number[];
}

/** A request under way, and its sequences. */
export interface Task {
  readonly request: ServingRequest;
  readonly rows: readonly Row[];
  /** Whether cancellation was requested; the task ends at the next check. */
  cancelled: boolean;
}

/** One sequence of a task. A `done` row may still be computed as padding, without events about it. */
export interface Row {
  readonly task: Task;
  /** Index among the task's sequences, from 0. */
  readonly sequence: number;
  /** The backend's slot, once the row runs. */
  slot: number;
  /** Prompt tokens submitted to the backend. */
  prefilled: number;
  /** Tokens requested from the backend; tokens of passes under way are not in `outputTokens` yet. */
  asked: number;
  outputTokens: number;
  done: boolean;
  /** Ended without an answer: cancelled, expired or failed. */
  gone: boolean;
}

/** The rows of a new request. */
export function newRows(request: ServingRequest): readonly Row[] {
  const rows: Row[] = [];
  const task = { request, rows, cancelled: false };
  for (let sequence = 0; sequence < request.sequences; sequence++) {
    rows.push({
      task,
      sequence,
      slot: -1,
      prefilled: 0,
      asked: 0,
      outputTokens: 0,
      done: false,
      gone: false,
    });
  }
  return rows;
}

export const isLeft = ({ done }: Row): boolean => !done;

/** Prompt tokens that no pass was given. */
export const promptLeft = ({ prefilled, task }: Row): number => task.request.prompt.length - prefilled;

/** Whether the row has prompt tokens left that no pass was given. */
export const hasPromptLeft = (row: Row): boolean => !row.done && promptLeft(row) > 0;

/** Whether the row's prompt is processed and its allowance is not yet fully requested. */
export const isDecoding = ({ done, prefilled, asked, task: { request } }: Row): boolean =>
  !done && prefilled === request.prompt.length && asked < request.maxNewTokens;

/** Takes the row's next prompt tokens, at most `most`, and counts them as submitted. */
export function nextChunk(row: Row, most = Number.POSITIVE_INFINITY): StepRow {
  const { prompt, sampling } = row.task.request;
  const start = row.prefilled;
  const tokens = start === 0 && prompt.length <= most ? prompt : prompt.slice(start, start + most);
  row.prefilled += tokens.length;
  const own = sampling && { ...sampling, seed: (sampling.seed + row.sequence) >>> 0 };
  return { slot: row.slot, tokens, start, sampling: own, wanted: row.prefilled === prompt.length };
}

export function workOfChunks(chunks: readonly StepRow[], geometry: StepGeometry): StepWork {
  let sampled = 0;
  for (const { sampling } of chunks) if (sampling) sampled += 1;
  const lengths = chunks.map(({ tokens, start }) => ({ past: start, added: tokens?.length ?? 1 }));
  return prefillWork(geometry, lengths, sampled);
}

/** Of rows that get one more token each. @param copies rows that move before */
export function workOfDecode(rows: readonly Row[], geometry: StepGeometry, copies = 0): StepWork {
  const pasts: number[] = [];
  let sampled = 0;
  for (const { asked, task } of rows) {
    const { prompt, sampling } = task.request;
    pasts.push(prompt.length + asked - 1);
    if (sampling) sampled += 1;
  }
  return decodeWork(geometry, pasts, sampled, copies);
}

/** @throws HeadwayError `backend-failed` for a wrong number of tokens, since a row must not get another row's token */
export function checkTokens(rows: readonly Row[], tokens: readonly number[]): void {
  if (tokens.length === rows.length) return;
  throw new HeadwayError(
    'backend-failed',
    `The backend answered ${tokens.length} rows where ${rows.length} were asked.`,
  );
}

/**
 * Commits the tokens of one pass: `tokens[i]` belongs to row i. Skips rows that are done and the row whose prompt goes on.
 * An end-of-sequence token ends its row unless the length is forced; it is not part of the answer.
 * @param written receives the tokens
 */
export function commitTokens(
  { rows, partial }: { readonly rows: readonly Row[]; readonly partial: Row | null },
  tokens: readonly number[],
  eosTokens: readonly number[],
  written: Written,
): TaskEnd[] {
  const ends: TaskEnd[] = [];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as Row;
    if (row.done || row === partial) continue;
    const token = tokens[i] as number;
    const { id, ignoreEos, maxNewTokens } = row.task.request;
    if (!ignoreEos && eosTokens.includes(token)) {
      finish(row, 'stop', ends);
      continue;
    }
    row.outputTokens += 1;
    written.ids.push(id);
    written.tokens.push(token);
    written.sequences.push(row.sequence);
    if (row.outputTokens >= maxNewTokens) finish(row, 'length', ends);
  }
  return ends;
}

/** Ends a row. The task ends with its last row. */
function finish(row: Row, reason: FinishReason, ends: TaskEnd[]): void {
  row.done = true;
  const { request, rows } = row.task;
  if (rows.every(({ done }) => done)) ends.push({ type: 'finished', id: request.id, reason });
}

/** Ends every task with an unfinished row in a pass that has failed. */
export function failRows(rows: readonly Row[], error: unknown): TaskEnd[] {
  const { message } = toPlain(error);
  return end(rows, (id) => ({ type: 'failed', id, message }));
}

/** Ends every task whose cancellation was requested. */
export function cancelRows(rows: readonly Row[]): TaskEnd[] {
  const gone = rows.filter(({ task }) => task.cancelled);
  return end(gone, (id) => ({ type: 'cancelled', id }));
}

function end(rows: readonly Row[], endOf: (id: RequestId) => TaskEnd): TaskEnd[] {
  const tasks = new Set(rows.filter(isLeft).map(({ task }) => task));
  for (const task of tasks) {
    for (const row of task.rows) {
      row.gone = !row.done;
      row.done = true;
    }
  }
  return [...tasks].map(({ request }) => endOf(request.id));
}
