import { expect, type Page } from '@playwright/test';

interface Exercise {
  readonly kind: 'wasm' | 'webgpu';
  readonly steps: number;
  /** Directory, or a synthetic model with a context of 64 or more. */
  readonly model: string;
}

/** What `Backend` promises, asked of the real one in a real browser. Runs in the page; must not close over anything. */
async function exercise({ kind, steps, model }: Exercise) {
  const runtime: string = '/src/runtime/open-model.ts';
  const { openModel } = (await import(
    /* @vite-ignore */ runtime
  )) as typeof import('../../src/runtime/open-model');
  const contract: string = '/src/core/backend.ts';
  const { decodeRows, promptRow } = (await import(
    /* @vite-ignore */ contract
  )) as typeof import('../../src/core/backend');
  const url = new URL(model, location.origin).href;
  const { backend } = await openModel({ url, backend: kind, slots: 8 });
  const { vocabularySize, adapter } = backend.capabilities;

  const prompts = Array.from({ length: 6 }, (_, row) =>
    Array.from(
      { length: 3 + ((row * 5) % 11) },
      (_, i) => 4 + ((row * 131 + i * i * 37) % (vocabularySize - 4)),
    ),
  );
  const fill = (slots: readonly number[], which = prompts) =>
    backend.step(which.map((prompt, i) => promptRow(slots[i] ?? 0, prompt)));
  const together = async (slots: readonly number[]) => {
    const answers = (await fill(slots)).map((token) => [token]);
    for (let step = 1; step < steps; step++) {
      const tokens = await backend.step(decodeRows(slots));
      answers.forEach((answer, i) => {
        answer.push(tokens[i] ?? -1);
      });
    }
    return answers;
  };

  const alone: number[][] = [];
  for (const prompt of prompts) {
    const answer = [...(await fill([0], [prompt]))];
    while (answer.length < steps) answer.push(...(await backend.step(decodeRows([0]))));
    alone.push(answer);
  }
  const batched = await together([0, 1, 2, 3, 4, 5]);
  const scattered = await together([7, 2, 5, 9, 0, 3]);

  // Two run; a third joins in the gap between them; one pauses; one moves to another slot.
  const [first = [], second = [], third = []] = prompts;
  const mixed: number[][] = [[], [], []];
  const push = (rows: readonly number[], tokens: readonly number[]) =>
    rows.forEach((row, i) => {
      mixed[row]?.push(tokens[i] ?? -1);
    });
  push([0, 1], await fill([0, 2], [first, second]));
  push([0, 1], await backend.step(decodeRows([0, 2])));
  push([2], await fill([1], [third]));
  push([0, 2], await backend.step(decodeRows([0, 1])));
  await backend.copyRow(0, 4);
  push([0, 1, 2], await backend.step(decodeRows([4, 2, 1])));

  // A prompt of 41 tokens whole, and in chunks while another slot decodes.
  const long = prompts.flat().slice(0, 41);
  const whole = [...(await fill([0], [long])), ...(await backend.step(decodeRows([0])))];
  await fill([0], [first]);
  const chunked: number[] = [];
  for (const start of [0, 16, 32]) {
    const tokens = long.slice(start, start + 16);
    chunked.splice(0, 1, ...(await backend.step([promptRow(3, tokens, { start })])));
    await backend.step(decodeRows([0]));
  }
  chunked.push(...(await backend.step(decodeRows([3]))));

  // A new prompt, a chunk of another and a row fed back, all in one step.
  const [head, tail] = [long.slice(0, 16), long.slice(16)];
  await backend.step([promptRow(1, head, { wanted: false }), promptRow(2, second)]);
  const oneStep = await backend.step([
    ...decodeRows([2]),
    promptRow(1, tail, { start: 16 }),
    promptRow(5, first),
  ]);
  await backend.dispose();
  return { adapter, alone, batched, scattered, mixed, whole, chunked, oneStep };
}

/** Rows do not see each other, whatever slots they are in and whoever comes, pauses or moves. */
export async function expectBackendContract(
  page: Page,
  kind: 'wasm' | 'webgpu',
  steps: number,
  model = 'models/mini-gpt/',
) {
  const { adapter, alone, batched, scattered, mixed, whole, chunked, oneStep } = await page.evaluate(
    exercise,
    {
      kind,
      steps,
      model,
    },
  );
  expect(adapter.kind).toBe(kind);
  expect(batched).toEqual(alone);
  expect(scattered).toEqual(alone);
  expect(mixed.map((row) => row.length)).toEqual([4, 3, 3]);
  mixed.forEach((row, i) => {
    expect(row).toEqual(alone[i]?.slice(0, row.length));
  });
  expect(chunked).toEqual(whole);
  expect(oneStep).toEqual([alone[1]?.[1], whole[0], alone[0]?.[0]]);
  return adapter;
}
