import type { Page } from '@playwright/test';
import type { GeneratePrompt } from '../../src/client/load-control';
import type { ServingConfig } from '../../src/core/serving-config';
import { configure } from './headway-test';

/** Schedules under which every answer must be the same, token for token. */
export const SCHEDULES: readonly Partial<ServingConfig>[] = [
  { policy: 'sequential' },
  ...[1, 2, 5, 8, 16].map((maxBatch) => ({ policy: 'static', maxBatch, maxWaitMs: 50 }) as const),
  ...[1, 5, 16].map((maxBatch) => ({ policy: 'continuous', maxBatch }) as const),
];

export const nameOf = ({ policy, maxBatch }: Partial<ServingConfig>) =>
  maxBatch === undefined ? `${policy}` : `${policy}, max batch ${maxBatch}`;

export async function tokensUnder(
  page: Page,
  schedule: Partial<ServingConfig>,
  prompts: readonly GeneratePrompt[],
): Promise<readonly (readonly number[])[]> {
  await configure(page, schedule);
  const answers = await page.evaluate((asked) => window.headway.generate(asked), prompts);
  return answers.map(({ tokens }) => tokens);
}
