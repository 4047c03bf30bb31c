import * as v from 'valibot';
import { type PlainError, toPlain } from '../../core/errors';
import type { Progress } from './lessons-state';

const KEY = 'headway-lessons';

const progressSchema = v.record(
  v.string(),
  v.object({ steps: v.pipe(v.number(), v.integer(), v.minValue(0)), isRight: v.nullable(v.boolean()) }),
);

/** The part of `Storage` that is used; a getter, since a browser may refuse the very name. */
export type ProgressStorage = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What is kept of the reader's way through the lessons. Nothing where there is none, or none that can be read. */
export function readProgress(storage: ProgressStorage): Progress {
  try {
    const { success, output } = v.safeParse(progressSchema, JSON.parse(storage().getItem(KEY) ?? '{}'));
    return success ? output : {};
  } catch {
    // A lesson can be taken again; what was kept is not worth stopping for.
    return {};
  }
}

/** Keeps it, or forgets it where it is empty. @returns why it could not be kept; null when it was */
export function keepProgress(storage: ProgressStorage, progress: Progress): PlainError | null {
  try {
    if (Object.keys(progress).length === 0) storage().removeItem(KEY);
    else storage().setItem(KEY, JSON.stringify(progress));
    return null;
  } catch (error) {
    const { message } = toPlain(error);
    return {
      code: 'storage-failed',
      message: `Your way through the lessons is not kept in this browser: ${message}`,
    };
  }
}
