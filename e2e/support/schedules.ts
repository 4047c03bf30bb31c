import type { Page } from '@playwright/test';
import type { GeneratePrompt } from '../../src/client/load-control';
import type { ServingConfig } from '../../src/core/serving-config';
import { configure } from './headway-test';

export interface Schedule {
  readonly name: string;
  readonly serving: Partial<ServingConfig>;
  /** Prompts that fill two batches, for an adapter on which each step counts. */
  readonly prompts: number;
}

const batched = (policy: 'static' | 'continuous', maxBatch: number): Schedule => ({
  name: `${policy}, max batch ${maxBatch}`,
  serving: { policy, maxBatch, maxWaitMs: 50 },
  prompts: Math.min(16, 2 * maxBatch),
});

/** Schedules under which every answer must be the same, token for token. */
export const SCHEDULES: readonly Schedule[] = [
  { name: 'sequential', serving: { policy: 'sequential' }, prompts: 3 },
  ...[1, 2, 5, 8, 16].map((maxBatch) => batched('static', maxBatch)),
  ...[1, 5].map((maxBatch) => batched('continuous', maxBatch)),
];

export async function tokensUnder(
  page: Page,
  { serving }: Schedule,
  prompts: readonly GeneratePrompt[],
): Promise<readonly (readonly number[])[]> {
  await configure(page, serving);
  const answers = await page.evaluate((asked) => window.headway.generate(asked), prompts);
  return answers.map(({ tokens }) => tokens);
}
