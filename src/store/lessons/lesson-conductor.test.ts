import 'fake-indexeddb/auto';
import { expect, test } from 'vitest';
import { memoryStorage, simulatedClassroom } from '../../../testing/simulated-classroom';
import { LESSONS } from '../../lessons/lessons';

const COST = { passMs: 4, prefillTokenMs: 0.02, decodeRowMs: 0.1 };
const [whyBatch, maxWait] = LESSONS;
if (!whyBatch || !maxWait) throw new Error('There are no lessons.');

async function begin(storage = memoryStorage()) {
  const room = await simulatedClassroom(COST, storage);
  room.lessons.open(whyBatch as NonNullable<typeof whyBatch>);
  const open = () => {
    const lesson = room.lessons.store.getState().open;
    if (!lesson) throw new Error('No lesson is open.');
    return lesson;
  };
  /** Until the step is being measured. */
  const untilMeasuring = async () => {
    while (open().stage.kind !== 'measuring') await room.tick();
  };
  return { ...room, open, untilMeasuring };
}

test('a step sets what it says by the page’s own settings, and what it set is named', async () => {
  const { lessons, store, during, open } = await begin();
  expect(open()).toMatchObject({ step: 0, stage: { kind: 'told' }, before: null });
  await during(lessons.run());
  const { serving, load } = store.getState().settings;
  expect(serving.policy).toBe('sequential');
  expect(load).toMatchObject({ arrival: 'closed', concurrency: 32, outputTokens: 16 });
  expect(open().changes).toContainEqual({ name: 'Policy', from: 'continuous', to: 'sequential' });
  expect(store.getState().marks.length).toBeGreaterThan(0);
  const { finding } = open().stage as Extract<ReturnType<typeof open>['stage'], { kind: 'found' }>;
  lessons.next();
  expect(open()).toMatchObject({ step: 1, stage: { kind: 'told' }, found: [{ says: finding.says }] });
});

test('progress is counted while it is measured', async () => {
  const { lessons, open, during } = await begin();
  const seen: number[] = [];
  lessons.store.subscribe(({ open: now }) => {
    if (now?.stage.kind === 'measuring' && now.stage.gathering.kind === 'gathering') {
      seen.push(now.stage.gathering.requests);
    }
  });
  await during(lessons.run());
  expect(open().stage.kind).toBe('found');
  expect(seen.length).toBeGreaterThan(4);
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
});

test('a setting that is changed meanwhile ends the step with the reason, and it can be measured again', async () => {
  const { lessons, actions, open, during, untilMeasuring } = await begin();
  const run = lessons.run();
  await untilMeasuring();
  await actions.configureServing({ maxBatch: 4 });
  await during(run);
  expect(open().stage).toEqual({
    kind: 'interrupted',
    says: 'A setting was changed while the step was measured.',
  });
  await during(lessons.run());
  expect(open().stage.kind).toBe('found');
});

test('a load that is stopped by hand ends the step with the reason', async () => {
  const { lessons, actions, open, during, untilMeasuring } = await begin();
  const run = lessons.run();
  await untilMeasuring();
  await during(actions.stopLoad());
  await run;
  expect(open().stage).toMatchObject({ kind: 'interrupted', says: expect.stringContaining('stopped') });
});

test('a step that is given up finds nothing, also later', async () => {
  const { lessons, open, during, tick, untilMeasuring } = await begin();
  const run = lessons.run();
  await untilMeasuring();
  lessons.stop();
  await during(run);
  for (let n = 0; n < 30; n++) await tick();
  expect(open()).toMatchObject({ stage: { kind: 'told' }, seen: {} });
});

test('leaving puts settings and load back, or leaves the lesson’s', async () => {
  const { lessons, actions, store, during } = await begin();
  await actions.configureServing({ maxBatch: 5 });
  const before = store.getState().settings;
  await during(lessons.run());
  expect(store.getState().settings).not.toEqual(before);
  await during(lessons.leave(true));
  expect(store.getState()).toMatchObject({ settings: before, load: { status: 'running' } });
  expect(lessons.store.getState().open).toBeNull();

  lessons.open(maxWait);
  await during(lessons.run());
  await during(lessons.leave(false));
  expect(store.getState().settings.serving.policy).toBe('static');
});

test('the settings from before the first of two lessons are those that come back', async () => {
  const { lessons, store, during } = await begin();
  const before = store.getState().settings;
  await during(lessons.run());
  lessons.open(maxWait);
  await during(lessons.run());
  await during(lessons.leave(true));
  expect(store.getState().settings).toEqual(before);
});

test('a lesson that is taken again begins at its first step, and what is kept stays', async () => {
  const { lessons, open, during } = await begin();
  await during(lessons.run());
  lessons.next();
  const { before } = open();
  lessons.restart();
  expect(open()).toMatchObject({ step: 0, stage: { kind: 'told' }, seen: {}, found: [], before });
  expect(lessons.store.getState().progress).toEqual({ 'why-batch': { steps: 1, isRight: null } });
});

test('the question wants a prediction first; progress is kept, read back and forgotten', async () => {
  const storage = memoryStorage();
  const { lessons, during, open } = await begin(storage);
  for (const _ of whyBatch.steps) {
    await during(lessons.run());
    lessons.next();
  }
  await expect(lessons.run()).rejects.toThrow('Predict first');
  lessons.predict('same');
  await during(lessons.run());
  expect(open().stage).toMatchObject({ kind: 'answered', choice: 'same', isRight: true });
  const again = await begin(storage);
  expect(again.lessons.store.getState().progress).toEqual({ 'why-batch': { steps: 3, isRight: true } });
  again.lessons.forgetProgress();
  expect((await begin(storage)).lessons.store.getState().progress).toEqual({});
});

test('a storage that cannot be read is no progress; one that cannot be written is said', async () => {
  const broken = { ...memoryStorage(), getItem: () => '{"why-batch": 3}' };
  const { lessons, during, store } = await begin({
    ...broken,
    setItem: () => {
      throw new Error('The quota is used up.');
    },
  });
  expect(lessons.store.getState().progress).toEqual({});
  await during(lessons.run());
  expect(store.getState().problems.at(-1)?.message).toContain('The quota is used up.');
});

test('a question is measured in two rounds, one trial after the other, and counted over both', async () => {
  const { lessons, during, open } = await begin();
  for (const _ of whyBatch.steps) {
    await during(lessons.run());
    lessons.next();
  }
  lessons.predict('more');
  const places = new Map<string, string>();
  lessons.store.subscribe(({ open: now }) => {
    if (now?.stage.kind !== 'measuring') return;
    const { place, trial } = now.stage;
    places.set(`${place.index} of ${place.of}`, trial.name);
  });
  await during(lessons.run());
  expect([...places]).toEqual([
    ['1 of 4', 'lone'],
    ['2 of 4', 'lone-batched'],
    ['3 of 4', 'lone'],
    ['4 of 4', 'lone-batched'],
  ]);
  expect(open().stage).toMatchObject({ kind: 'answered', choice: 'same', isRight: false });
});
