import type { Page, Worker } from '@playwright/test';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { configure, expect, type Headway, rejection, snapshot, test } from './support/headway-test';

const PROMPT = { id: 'a', prompt: 'She go to school every day.' };

/** Not those that it replaced: a worker that was terminated is gone from the list. */
function servingWorker(page: Page): Worker {
  const worker = page.workers().findLast((one) => one.url().includes('serving-worker'));
  if (!worker) throw new Error('There is no serving worker.');
  return worker;
}

/**
 * What is really done to it, each in a task of the worker's own: a loop inside the debugger's call could not be ended by
 * the browser either. A worker that closes answers no call, so nobody waits for one.
 */
const HARM = {
  freeze: () => {
    setTimeout(() => {
      for (;;);
    });
  },
  crash: () => {
    setTimeout(() => {
      throw new Error('boom');
    });
  },
  close: () => self.close(),
} as const;

const harm = (page: Page, how: keyof typeof HARM) =>
  void servingWorker(page)
    .evaluate(HARM[how])
    .catch(() => {});

async function underLoad({ page }: Headway) {
  await configure(page, { policy: 'continuous', maxBatch: 4, arrival: 'closed', concurrency: 12 });
  await page.evaluate(() => window.headway.startLoad());
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(20);
}

/** ms from now until requests have failed, by the page's own clock. */
const msToFailure = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const begun = performance.now();
        const timer = setInterval(() => {
          if (!window.headway.snapshot()?.totals.failed) return;
          clearInterval(timer);
          resolve(performance.now() - begun);
        }, 20);
      }),
  );

/** The load goes on by itself; when it is stopped, all that was sent is accounted for, and the model says what it said. */
async function servesAgain({ page }: Headway) {
  const completed = async () => (await snapshot(page))?.totals.completed ?? 0;
  const before = await completed();
  await expect.poll(completed, { message: 'the load goes on' }).toBeGreaterThan(before + 50);
  await page.evaluate(() => window.headway.stopLoad());
  await expect.poll(async () => (await snapshot(page))?.inFlight).toBe(0);
  const totals = (await snapshot(page))?.totals;
  expect(totals?.sent).toBe((totals?.completed ?? 0) + (totals?.failed ?? 0));
  expect(totals?.failed).toBeGreaterThanOrEqual(12);
  expect(await page.evaluate(() => window.headway.configure({}))).toMatchObject({ maxBatch: 4 });
  const [answer] = await page.evaluate((prompt) => window.headway.generate([prompt]), PROMPT);
  expect(answer?.text).toBe('She goes to school every day.');
}

for (const { what, how, says, withinMs } of [
  { what: 'freezes', how: 'freeze', says: /frozen or gone: it was silent for \d\.\d s/, withinMs: 5000 },
  { what: 'goes without a word', how: 'close', says: /frozen or gone: it was silent for/, withinMs: 5000 },
  { what: 'crashes', how: 'crash', says: /crashed: Uncaught Error: boom/, withinMs: 1000 },
] as const) {
  test(`a serving worker that ${what} is noticed and replaced, and the load goes on`, async ({ headway }) => {
    const { page, complaints } = headway;
    if (how === 'crash') complaints.expect(/boom/);
    await headway.ready({ backend: 'wasm' });
    await underLoad(headway);
    const own = page.evaluate((prompt) => window.headway.generate([prompt]), PROMPT);
    const first = servingWorker(page);
    harm(page, how);
    const ms = await msToFailure(page);
    expect(ms).toBeLessThan(withinMs);
    expect((await own)[0]?.finish_reason).toMatch(/failed|stop/);
    await expect(page.getByText(says).first()).toBeVisible();
    await servesAgain(headway);
    await expect(page.getByText('A worker failed once and was replaced.')).toBeVisible();
    expect(servingWorker(page)).not.toBe(first);
    const workers = () => page.workers().filter((one) => one.url().includes('serving-worker'));
    await expect.poll(() => workers().length, { message: 'the old one has ended' }).toBe(1);
  });
}

test('a request of one’s own says why it failed', async ({ headway }) => {
  const { page } = headway;
  await headway.ready({ backend: 'wasm' });
  await configure(page, { policy: 'static', maxBatch: 8, maxWaitMs: 10_000 });
  await page.getByRole('textbox', { name: 'Your own sentence' }).fill('She go to school.');
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  const own = page.getByRole('listitem').filter({ hasText: 'Yours' });
  await expect(own.getByRole('button', { name: 'Stop' })).toBeVisible();
  harm(page, 'close');
  await expect(own).toContainText('500 failed');
  await expect(own).toContainText('silent for');
});

test('a measurement that loses its worker has no result, and says so', async ({ headway }) => {
  const { page, complaints } = headway;
  complaints.expect(/boom/);
  await headway.ready({ backend: 'wasm' });
  const measured = page.evaluate(
    (serving) =>
      window.headway.runExperiment({
        serving,
        load: { arrival: 'closed', concurrency: 8, outputTokens: 16 },
        slo: { p95Ms: null, ttftMs: null },
        requests: 100_000,
        durationS: null,
        repeats: 1,
      }),
    { ...DEFAULT_SERVING_CONFIG, maxBatch: 16 },
  );
  const sentence = rejection(measured);
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(20);
  harm(page, 'crash');
  expect(await sentence).toMatch(/The measurement has no result\. .*boom/);
  await expect(page.getByText('A worker failed once and was replaced.')).toBeVisible();
  await underLoad(headway);
});

test('a worker that fails again and again is given up, and can be asked for again', async ({ headway }) => {
  const { page, complaints } = headway;
  complaints.expect(/boom/);
  await headway.ready({ backend: 'wasm' });
  await underLoad(headway);
  for (const times of ['once', '2 times', '3 times']) {
    harm(page, 'crash');
    await expect(page.getByText(`A worker failed ${times} and was replaced.`)).toBeVisible();
  }
  harm(page, 'crash');
  await expect(page.getByText('mini-gpt stopped answering').first()).toBeVisible();
  await expect(page.getByText(/fourth failure within a minute/).first()).toBeVisible();
  const sentInASecond = async () => {
    const sent = (await snapshot(page))?.totals.sent ?? 0;
    await page.waitForTimeout(1000);
    return ((await snapshot(page))?.totals.sent ?? 0) - sent;
  };
  await expect.poll(sentInASecond, { message: 'nothing more is sent' }).toBe(0);
  expect((await snapshot(page))?.inFlight).toBe(0);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(async () => (await snapshot(page))?.totals.completed ?? 0).toBeGreaterThan(20);
});
