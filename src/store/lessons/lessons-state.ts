import * as v from 'valibot';
import type { Choice, Finding, Gathering, Lesson, Question, Seen, Step, Trial } from '../../lessons/lesson';
import type { Change } from '../series';
import type { Settings } from '../settings';

/** Where the reader stands in the present step. */
export type Stage =
  /** Reading: nothing is measured yet. */
  | { readonly kind: 'told' }
  /** What is under way is answered, then the trial's settings are set. */
  | { readonly kind: 'preparing'; readonly trial: Trial }
  | {
      readonly kind: 'measuring';
      readonly trial: Trial;
      readonly place: Place;
      readonly gathering: Gathering;
    }
  | { readonly kind: 'found'; readonly finding: Finding }
  /** Both null where the measurement does not decide between the choices. */
  | {
      readonly kind: 'answered';
      readonly choice: Choice['name'] | null;
      readonly isRight: boolean | null;
      readonly says: string;
    }
  /** It must be measured again. @property says why, as a sentence */
  | { readonly kind: 'interrupted'; readonly says: string };

/** Which of a step's measurements runs: the `index`-th, from 1, of `of`. */
export interface Place {
  readonly index: number;
  readonly of: number;
}

/** The page as it was when the lesson was opened. */
interface Before {
  readonly settings: Settings;
  readonly isRunning: boolean;
}

export interface OpenLesson {
  readonly lesson: Lesson;
  /** From 0; after the last step comes the question. */
  readonly step: number;
  readonly stage: Stage;
  /** The reader's prediction; null until there is one. */
  readonly predicted: Choice['name'] | null;
  readonly seen: Seen;
  /** What the lesson has changed last, as the marks in the charts say it. */
  readonly changes: readonly Change[];
  /** Of the steps before, what was found. */
  readonly found: readonly { readonly title: string; readonly says: string }[];
  /** Null until it has set something. */
  readonly before: Before | null;
}

/** How far each lesson was taken, by its name. */
export type Progress = Readonly<Record<string, LessonProgress>>;

export interface LessonProgress {
  /** Steps that were measured, the question not counted. */
  readonly steps: number;
  /** Whether the last answer to its question was right; null while it was not answered. */
  readonly isRight: boolean | null;
}

export interface LessonsState {
  readonly open: OpenLesson | null;
  readonly progress: Progress;
}

export const isQuestion = ({ lesson, step }: OpenLesson): boolean => step >= lesson.steps.length;

/** The step that the reader stands at, or the question. */
export const presentStep = ({ lesson, step }: OpenLesson): Step | Question =>
  lesson.steps[step] ?? lesson.question;

export const isBusy = ({ stage }: OpenLesson): boolean =>
  stage.kind === 'preparing' || stage.kind === 'measuring';

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

/** Keeps it, or forgets it where it is empty. @throws what the browser's storage throws */
export function keepProgress(storage: ProgressStorage, progress: Progress): void {
  if (Object.keys(progress).length === 0) storage().removeItem(KEY);
  else storage().setItem(KEY, JSON.stringify(progress));
}
