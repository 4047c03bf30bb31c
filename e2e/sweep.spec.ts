import { expect, rejection, test } from './support/headway-test';

const GRID = {
  requests: 40,
  repeats: 2,
  base: { policy: 'static', concurrency: 8, outputTokens: 8 },
  grid: { maxBatch: [1, 4] },
};

test('a sweep whose page is closed in the middle goes on where it was, and is refused on something else', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  // Long enough that the page is closed in the middle of a unit.
  await page.evaluate((grid) => void window.headway.runSweep(grid), { ...GRID, requests: 160 });
  // What the page shows it is about to write: of two units, the first is written.
  await page.waitForFunction(() => (window.headway.runs()[0]?.units ?? 0) >= 2);
  await headway.ready({ backend: 'wasm' });
  const [found] = await page.evaluate(() => window.headway.runs());
  if (!found) throw new Error('Nothing was kept.');
  expect(found.status).toEqual({ kind: 'paused' });
  expect(found.units).toBeGreaterThanOrEqual(1);
  expect(found.units).toBeLessThan(4);

  const model = 'synthetic:layers=1,hidden=32,heads=2,kv-heads=1,feed-forward=64,vocabulary=300,context=64';
  await page.evaluate((choice) => window.headway.loadModel(choice), { model });
  const refused = await rejection(page.evaluate((id) => window.headway.resumeRun(id), found.id));
  expect(refused).toMatch(/cannot go on, .*the model was mini-gpt/);

  await page.evaluate(() => window.headway.loadModel({ model: 'mini-gpt' }));
  const before = await page.evaluate((id) => window.headway.exportRun(id), found.id);
  const kept = await page.evaluate((id) => window.headway.resumeRun(id), found.id);
  expect(kept).toMatchObject({ id: found.id, status: { kind: 'finished' }, units: 4 });
  const after = await page.evaluate((id) => window.headway.exportRun(id), found.id);
  const unitsOf = (files: typeof after) => {
    const file = files.find(({ name }) => name === 'run.json');
    return JSON.parse(file && 'text' in file ? file.text : '{}').units;
  };
  expect(unitsOf(after).slice(0, found.units)).toEqual(unitsOf(before));
  expect(unitsOf(after)).toHaveLength(4);
});

test('the same experiment with the same seed meets the same requests to the last digit', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const open = {
    ...GRID,
    repeats: 1,
    base: { ...GRID.base, arrival: 'poisson', rate: 60, outputTokens: '2:16' },
  };
  const perform = async () => {
    const { id } = await page.evaluate((grid) => window.headway.runSweep(grid), open);
    const files = await page.evaluate((of) => window.headway.exportRun(of), id);
    const file = files.find(({ name }) => name === 'run.json');
    const { units } = JSON.parse(file && 'text' in file ? file.text : '{}');
    return units as readonly {
      readonly point: string;
      readonly records: readonly { scheduled: number; promptTokens: number; outputTokens: number }[];
    }[];
  };
  const [first, second] = [await perform(), await perform()];
  expect(first.map(({ point }) => point)).toEqual(second.map(({ point }) => point));
  first.forEach((unit, i) => {
    const other = second[i]?.records ?? [];
    const lengths = (records: typeof other) => records.map((r) => [r.promptTokens, r.outputTokens]);
    expect(lengths(unit.records)).toEqual(lengths(other));
    // Stamps are of one clock, so arrivals are compared from the first on; a stamp of today has some 1/4000 ms.
    const arrivals = (records: typeof other) =>
      records.map((r) => r.scheduled - (records[0]?.scheduled ?? 0));
    arrivals(unit.records).forEach((at, n) => {
      expect(at).toBeCloseTo(arrivals(other)[n] ?? Number.NaN, 2);
    });
  });
});

test('a point that is hopelessly overloaded is ended early, and the others are measured to their end', async ({
  headway,
}) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  const kept = await page.evaluate((grid) => window.headway.runSweep(grid), {
    durationS: 10,
    repeats: 1,
    base: { policy: 'sequential', arrival: 'poisson', outputTokens: 16, maxQueue: 100_000 },
    grid: { rate: [10, 2000] },
  });
  expect(kept.status).toEqual({ kind: 'finished' });
  const files = await page.evaluate((id) => window.headway.exportRun(id), kept.id);
  const checks = files.find(({ name }) => name === 'checks.json');
  const { ended_early: ended } = JSON.parse(checks && 'text' in checks ? checks.text : '{}');
  expect(ended).toEqual([
    { setting: 'rate-2000', repeat: 1, reason: expect.stringMatching(/^Ended early: /) },
  ]);
});
