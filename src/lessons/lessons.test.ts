import 'fake-indexeddb/auto';
import { beforeAll, describe, expect, test } from 'vitest';
import { simulatedClassroom } from '../../testing/simulated-classroom';
import type { Finding, Seen } from './lesson';
import { LESSONS } from './lessons';

/** A pass costs nearly the same for any number of rows, as on a GPU; and each row its own, as on a small CPU. */
const GPU = { passMs: 0.6, prefillTokenMs: 0.005, decodeRowMs: 0.03 };
const CPU = { passMs: 0.05, prefillTokenMs: 0.05, decodeRowMs: 0.8 };

const lessonOf = (name: string) => {
  const lesson = LESSONS.find((candidate) => candidate.name === name);
  if (!lesson) throw new Error(`There is no lesson ${name}.`);
  return lesson;
};

/** Taken from its first step to its answer, by the real scheduler on a model that costs time only. */
async function take(name: string, cost: typeof GPU) {
  const lesson = lessonOf(name);
  const room = await simulatedClassroom(cost);
  const open = () => room.lessons.store.getState().open;
  room.lessons.open(lesson);
  const findings: Finding[] = [];
  for (const { title } of lesson.steps) {
    await room.during(room.lessons.run());
    const stage = open()?.stage;
    if (stage?.kind !== 'found') throw new Error(`${title}: ${JSON.stringify(stage)}`);
    findings.push(stage.finding);
    room.lessons.next();
  }
  room.lessons.predict(lesson.question.choices[0]?.name ?? '');
  await room.during(room.lessons.run());
  const stage = open()?.stage;
  if (stage?.kind !== 'answered') throw new Error(`${lesson.question.title}: ${JSON.stringify(stage)}`);
  return { findings, answer: stage, seen: open()?.seen ?? {} };
}

test('five lessons, each with a name of its own, steps, and answers that are among the choices', () => {
  expect(LESSONS.map(({ name }) => name)).toEqual([
    'why-batch',
    'max-wait',
    'head-of-line',
    'prefetch-channel',
    'overload',
  ]);
  for (const { steps, question } of LESSONS) {
    const trials = [...steps, question].flatMap((step) => step.trials);
    expect(new Set(trials.map(({ name }) => name)).size).toBe(trials.length);
    expect(new Set([...steps, question].map(({ title }) => title)).size).toBe(steps.length + 1);
    for (const { needs } of trials) expect(needs.seconds).toBeLessThan(10);
  }
});

/**
 * What comes out where a pass is dear and its rows are cheap. Under continuous each newcomer's prefill is such a dear pass, so
 * with answers of one length static is ahead.
 */
const ANSWERS = {
  'why-batch': 'same',
  'max-wait': 'less',
  'head-of-line': 'less',
  'prefetch-channel': 'late',
  overload: 'less',
};

/** With the reading of another trial in the place of a step's own, its check must not hold. */
const WRONG: readonly (readonly [lesson: string, step: number, trial: string, instead: string])[] = [
  ['why-batch', 0, 'alone', 'lone'],
  ['why-batch', 1, 'eight', 'alone'],
  ['max-wait', 0, 'capacity', 'quiet'],
  ['max-wait', 1, 'quiet', 'capacity'],
  ['max-wait', 2, 'waiting', 'quiet'],
  ['max-wait', 3, 'rush', 'quiet'],
  ['head-of-line', 0, 'static', 'continuous'],
  ['head-of-line', 1, 'continuous', 'static'],
  ['prefetch-channel', 0, 'capacity', 'late'],
  ['prefetch-channel', 1, 'late', 'early'],
  ['prefetch-channel', 2, 'early', 'late'],
  ['overload', 1, 'half', 'endless'],
  ['overload', 2, 'endless', 'half'],
  ['overload', 3, 'short', 'endless'],
];

describe.each(Object.entries(ANSWERS))('%s, where rows are cheap', (name, choice) => {
  let taken: Awaited<ReturnType<typeof take>>;
  beforeAll(async () => {
    taken = await take(name, GPU);
  }, 60_000);

  test('every check holds under the settings that its step sets, and says figures', () => {
    for (const [index, { asExpected, says }] of taken.findings.entries()) {
      expect(asExpected, `step ${index + 1}: ${says}`).toBe(true);
      expect(says).toMatch(/\d/);
      expect(says).not.toMatch(/–|NaN|undefined|Infinity/);
    }
  });

  test('the question is answered by what was measured', () => {
    expect(taken.answer.choice, taken.answer.says).toBe(choice);
    expect(lessonOf(name).question.choices.map((each) => each.name)).toContain(choice);
    expect(taken.answer.isRight).toBe(lessonOf(name).question.choices[0]?.name === choice);
    expect(taken.answer.says).toMatch(/\d/);
  });

  test.each(WRONG.filter(([lesson]) => lesson === name))(
    '%s: the check of step %i does not hold when the trial "%s" shows what "%s" did',
    (_, step, trial, instead) => {
      const seen: Seen = { ...taken.seen, [trial]: reading(taken.seen, instead) };
      expect(lessonOf(name).steps[step]?.finds(seen).asExpected).toBe(false);
    },
  );
});

function reading(seen: Seen, trial: string) {
  const found = seen[trial];
  if (!found) throw new Error(`${trial} was not measured.`);
  return found;
}

test('where each row costs its own, batching wins little, and the lesson says so and goes on', async () => {
  const { findings, answer } = await take('why-batch', CPU);
  expect(findings[1]?.asExpected).toBe(false);
  expect(findings[1]?.says).toMatch(/in batches of 8 .* 1\.\d times\..*Batching gains little here/);
  expect(answer.choice).toBe('same');
});
