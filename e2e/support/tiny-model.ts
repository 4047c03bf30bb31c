import { expect, type Page } from '@playwright/test';
import type { ModuleServer } from './module-page';
import { type Asked, PROMPTS, playOnce } from './token-matrix';

/** Small enough for the software adapter to do some twenty passes a second; the embedded model takes ten times as long. */
const MODEL = 'synthetic:layers=1,hidden=32,heads=2,kv-heads=1,feed-forward=64,vocabulary=300,context=64';

/** 64 different prompts of 2 to 44 tokens. */
const prompts = Array.from({ length: PROMPTS }, (_, row) =>
  Array.from({ length: 2 + ((row * 11) % 43) }, (_, i) => (row * 131 + i * i * 37 + 7) % 300),
);

export const asked = (backend: Asked['backend'], capture: boolean): Asked => ({
  model: MODEL,
  backend,
  capture,
  prompts,
  maxNewTokens: 4,
});

/** What it says one prompt at a time, on WASM. */
export async function reference(page: Page, modules: ModuleServer) {
  await modules.open(page);
  const answers = await playOnce(page, asked('wasm', false));
  expect(new Set(answers.map(String)).size).toBeGreaterThan(40);
  return answers;
}
