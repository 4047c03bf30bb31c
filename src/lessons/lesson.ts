import type { Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import type { ServingConfig } from '../core/serving-config';
import type { Reading } from './reading';

/** What a trial sets; every other setting of scheduler and load has its default, so that nothing left over is measured too. */
export interface LessonSettings {
  readonly serving: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
  /** As it stands where it is left out. */
  readonly slo?: Slo;
}

/** What a lesson's trials have shown so far, by their names. */
export type Seen = Readonly<Record<string, Reading>>;

/** One setting, watched on the live page until enough requests have been answered under it. */
export interface Trial {
  /** Unique in its lesson. */
  readonly name: string;
  /** What is measured, for the progress line: "batches of 8". */
  readonly label: string;
  readonly sets: (seen: Seen) => LessonSettings;
  /** Requests that have ended, and time; both are waited for. At most the ten seconds that the live window holds. */
  readonly needs: { readonly requests: number; readonly seconds: number };
}

/** What was seen, in a sentence or two with the reader's own figures. */
export interface Finding {
  /** False where this machine shows something else than the lesson expects; the sentences say why that can be. */
  readonly asExpected: boolean;
  readonly says: string;
}

export interface Step {
  readonly title: string;
  /** Two to four sentences. */
  readonly says: string;
  /** Where to look meanwhile, in one sentence. */
  readonly watch: string;
  /** Measured one after the other. */
  readonly trials: readonly Trial[];
  /** Judges what was measured; all trials up to this step's are seen. */
  readonly finds: (seen: Seen) => Finding;
}

export interface Choice {
  readonly name: string;
  readonly label: string;
}

/** The reader predicts, then it is measured, and the measurement says who was right. */
export interface Question extends Omit<Step, 'finds'> {
  readonly choices: readonly Choice[];
  /** The choice that the measurement bears out, and its figures. */
  readonly answer: (seen: Seen) => { readonly choice: Choice['name']; readonly says: string };
}

export interface Lesson {
  /** As in the page's address: `#lessons/max-wait`. */
  readonly name: string;
  readonly title: string;
  /** What one knows afterwards, in a sentence. */
  readonly says: string;
  /** How long it takes with reading. */
  readonly minutes: number;
  readonly steps: readonly Step[];
  readonly question: Question;
}

/** @throws Error for a trial that was not measured: the lesson's steps are in a wrong order */
export function seenOf(seen: Seen, name: string): Reading {
  const reading = seen[name];
  if (reading) return reading;
  throw new Error(`The lesson asks for "${name}" before it was measured.`);
}
