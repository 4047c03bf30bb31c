import { expect, type Page } from '@playwright/test';

/** Sampled and greedy rows in every company, asked of the real backend. Runs in the page; must not close over anything. */
async function exercise({ kind, steps }: { readonly kind: 'wasm' | 'webgpu'; readonly steps: number }) {
  const runtime: string = '/src/runtime/open-model.ts';
  const { openModel } = (await import(
    /* @vite-ignore */ runtime
  )) as typeof import('../../src/runtime/open-model');
  const contract: string = '/src/core/backend.ts';
  const { decodeRows } = (await import(
    /* @vite-ignore */ contract
  )) as typeof import('../../src/core/backend');
  const url = `${location.origin}/models/mini-gpt/`;
  const model = await openModel({ url, backend: kind, slots: 8 });
  const { backend, note } = model;
  const { vocabularySize } = backend.capabilities;

  const promptOf = (row: number, length: number) =>
    Array.from({ length }, (_, i) => 4 + ((row * 131 + i * i * 37) % (vocabularySize - 4)));
  const hot = { temperature: 1.2, topK: 0, topP: 1, seed: 4_000_000_000 };
  const cut = { temperature: 0.8, topK: 40, topP: 0.9, seed: 8 };
  const rows = [hot, null, cut, { ...hot, seed: 9 }].map((sampling, row) => ({
    tokens: promptOf(row, 3 + ((row * 5) % 11)),
    start: 0,
    sampling,
    wanted: true,
  }));
  type Row = (typeof rows)[number];

  const together = async (slots: readonly number[], asked: readonly Row[]) => {
    const first = await backend.step(asked.map((row, i) => ({ ...row, slot: slots[i] ?? 0 })));
    const answers = first.map((token) => [token]);
    for (let step = 1; step < steps; step++) {
      const tokens = await backend.step(decodeRows(slots));
      answers.forEach((answer, i) => {
        answer.push(tokens[i] ?? -1);
      });
    }
    return answers;
  };
  const only = async (row: Row, slot = 0) => (await together([slot], [row]))[0] ?? [];

  const alone: number[][] = [];
  for (const row of rows) alone.push(await only(row));
  const batched = await together([0, 1, 2, 3], rows);
  const scattered = await together([5, 2, 0, 3], rows);
  const [first, greedy, second] = rows as [Row, Row, Row];
  const all = (row: Row, sampling: Row['sampling']) => only({ ...row, sampling });
  const otherSeed = await all(first, { ...hot, seed: 5 });
  const onlyLikeliest = await all(greedy, { ...hot, topK: 1 });
  const nearlyLikeliest = await all(greedy, { ...hot, topP: 0.001 });

  // A sampled row moves to another slot while a greedy one goes on, and another takes its old slot.
  await backend.step([{ ...greedy, slot: 0 }]);
  const moved = [...(await backend.step([{ ...first, slot: 1 }]))];
  moved.push((await backend.step(decodeRows([0, 1])))[1] ?? -1);
  await backend.copyRow(1, 4);
  await backend.step([{ ...second, slot: 1 }]);
  moved.push((await backend.step(decodeRows([4, 1])))[0] ?? -1);

  const long = { tokens: promptOf(7, 41), start: 0, sampling: hot, wanted: true };
  const whole = [...(await backend.step([{ ...long, slot: 0 }])), ...(await backend.step(decodeRows([0])))];
  const chunked: number[] = [];
  for (const start of [0, 16, 32]) {
    const tokens = long.tokens.slice(start, start + 16);
    chunked.splice(0, 1, ...(await backend.step([{ ...long, tokens, start, slot: 2 }])));
  }
  chunked.push(...(await backend.step(decodeRows([2]))));
  await backend.dispose();
  return {
    note,
    alone,
    batched,
    scattered,
    otherSeed,
    onlyLikeliest,
    nearlyLikeliest,
    moved,
    whole,
    chunked,
  };
}

/** A request's draws depend on its seed and its own tokens, never on its company, its slot or the way to its prompt. */
export async function expectSamplingContract(page: Page, kind: 'wasm' | 'webgpu', steps: number) {
  const said = await page.evaluate(exercise, { kind, steps });
  const { alone } = said;
  expect(said.batched).toEqual(alone);
  expect(said.scattered).toEqual(alone);
  expect(said.otherSeed).not.toEqual(alone[0]);
  expect(said.onlyLikeliest).toEqual(alone[1]);
  expect(said.nearlyLikeliest).toEqual(alone[1]);
  expect(said.moved).toEqual(alone[0]?.slice(0, 3));
  expect(said.chunked).toEqual(said.whole);
  return said;
}
