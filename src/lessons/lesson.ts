import type { LiveSnapshot, Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import type { ServingConfig } from '../core/serving-config';

/**
 * What a trial showed: figures of the page's own live window, which began with the trial. Times in ms; NaN where nothing was
 * completed, which reads as a dash.
 */
export interface Reading {
  /** How long the window is that they are of, at most the live window's ten seconds. */
  readonly seconds: number;
  readonly rps: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly ttftP95Ms: number;
  /** Median wait before a request is started. */
  readonly queueMs: number;
  /** Median time from one token of an answer to its next: what a decode pass takes. Null for answers of one token. */
  readonly passMs: number | null;
  /** Mean members of a batch when it leaves; of `continuous`, requests in slots when one is admitted. */
  readonly fill: number;
  /** Decoded rows whose token no client waited for, as a share. */
  readonly wasted: number;
  /** Requests in the queue at the end, and by how many a second it grew. */
  readonly queued: number;
  readonly queueGrowth: number;
  /** Of the requests that ended in the window: those that did not complete, as a share. */
  readonly lostShare: number;
  readonly rejectedShare: number;
  /** Members of sealed batches that had gone when their batch was taken. */
  readonly stale: number;
  /** Completed requests a second that met the objectives; null without one. */
  readonly goodput_rps: number | null;
}

/** The trial's first snapshot and its last. */
interface Evidence {
  readonly first: LiveSnapshot;
  readonly last: LiveSnapshot;
}

/** Null while nothing has ended. */
function readingOf({ first, last }: Evidence): Reading | null {
  const { latency_ms: latency, throughput_rps, requests: ended } = last;
  if (ended === 0 || throughput_rps === null) return null;
  const share = (count: number) => count / ended;
  const apartS = (last.at - first.at) / 1000;
  return {
    seconds: last.windowMs / 1000,
    rps: throughput_rps,
    p50Ms: latency?.p50 ?? Number.NaN,
    p95Ms: latency?.p95 ?? Number.NaN,
    ttftP95Ms: last.ttft_ms?.p95 ?? Number.NaN,
    queueMs: last.queue_ms?.p50 ?? Number.NaN,
    passMs: last.tpot_ms?.p50 ?? null,
    fill: last.mean_batch_fill ?? 1,
    wasted: last.wasted_token_share ?? 0,
    queued: last.queueDepth,
    queueGrowth: apartS > 0 ? (last.queueDepth - first.queueDepth) / apartS : 0,
    lostShare: share(ended - last.ok),
    rejectedShare: share(last.rejected),
    stale: last.counters.staleDropped - first.counters.staleDropped,
    goodput_rps: last.goodput_rps,
  };
}

/** How far a trial is. */
export type Gathering =
  | { readonly kind: 'gathering'; readonly evidence: Evidence | null; readonly requests: number }
  | { readonly kind: 'enough'; readonly reading: Reading }
  /** So slow that waiting on would be no lesson. @property says why, as a sentence */
  | { readonly kind: 'too-slow'; readonly says: string };

export const NOTHING_YET: Gathering = { kind: 'gathering', evidence: null, requests: 0 };

/** A slow machine gets this long for what a trial needs; then so few requests do, and with fewer it says so. */
const PATIENCE_MS = 20_000;
const FEWEST_REQUESTS = 20;
const LONGEST_MS = 60_000;

/**
 * Folds a snapshot in. One whose window began before the trial, `since` in ms, says nothing about it and is left out.
 */
export function gather(
  before: Gathering,
  snapshot: LiveSnapshot,
  { needs, label }: Trial,
  since: number,
): Gathering {
  if (before.kind !== 'gathering') return before;
  const elapsed = snapshot.at - since;
  if (snapshot.at - snapshot.windowMs < since) return before;
  const evidence = { first: before.evidence?.first ?? snapshot, last: snapshot };
  const { requests } = snapshot;
  const reading = readingOf(evidence);
  const isEnough = requests >= needs.requests && elapsed >= needs.seconds * 1000;
  const isAllThereIs = elapsed >= PATIENCE_MS && requests >= FEWEST_REQUESTS;
  if (reading && (isEnough || isAllThereIs)) return { kind: 'enough', reading };
  if (elapsed < LONGEST_MS) return { kind: 'gathering', evidence, requests };
  return {
    kind: 'too-slow',
    says:
      `After ${Math.round(elapsed / 1000)} seconds of "${label}" ${requests} requests were answered in the last ten seconds; ` +
      `${FEWEST_REQUESTS} are the fewest that say something. This model is too slow here for the lesson: load a smaller one, or choose another backend.`,
  };
}

/** What a trial sets; every other setting of scheduler and load has its default, so that nothing left over is measured too. */
interface LessonSettings {
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

/** What one round of a question's trials showed. */
export interface Answer {
  /** Null where this round tells none of the choices from the others. */
  readonly choice: Choice['name'] | null;
  /** The figures, as a sentence. */
  readonly figures: string;
  /** Why it can have come out so. */
  readonly why: string;
}

/** The reader predicts, then the trials are measured in rounds, and the prediction is judged where the rounds agree. */
export interface Question extends Omit<Step, 'finds'> {
  readonly choices: readonly Choice[];
  readonly answer: (seen: Seen) => Answer;
}

/** A question's trials are measured so many times in turn. One round cannot show how far the readings scatter. */
export const ROUNDS = 2;

/** The choice that every round gives; null where the rounds disagree or one of them gives none. */
export function verdictOf(rounds: readonly Answer[]): {
  readonly choice: Choice['name'] | null;
  readonly says: string;
} {
  const last = rounds.at(-1);
  if (!last) throw new Error('A question is judged after a round.');
  const choice = rounds.every((round) => round.choice === last.choice) ? last.choice : null;
  const figures = rounds.map((round, index) => `Round ${index + 1}: ${round.figures}`).join(' ');
  if (choice !== null) return { choice, says: `${figures} ${last.why}` };
  const reason = rounds.every((round) => round.choice === null)
    ? last.why
    : 'The rounds give different answers, so the difference is smaller than the scatter of this machine.';
  return { choice, says: `${figures} ${reason}` };
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
