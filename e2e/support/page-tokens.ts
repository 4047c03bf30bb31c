import type { Page } from '@playwright/test';
import type { GeneratePrompt } from '../../src/core/commands';
import type { ServingConfig } from '../../src/core/serving-config';
import { configure } from './headway-test';

/** What the page's model says to each prompt under this configuration, all sent at once. */
export async function tokensUnder(
  page: Page,
  serving: Partial<ServingConfig>,
  prompts: readonly GeneratePrompt[],
): Promise<readonly (readonly number[])[]> {
  await configure(page, serving);
  const answers = await page.evaluate((asked) => window.headway.generate(asked), prompts);
  return answers.map(({ tokens }) => tokens);
}
