import { expect, type Page } from '@playwright/test';

/** Picks a model's directory from disk, as a visitor does; what is served of it is on the page then. */
export async function pickModel(page: Page, directory: string): Promise<void> {
  const rail = page.getByRole('complementary', { name: 'Settings' });
  await rail.getByRole('combobox', { name: 'Model' }).selectOption('picked');
  await rail.getByLabel(/^Pick/).setInputFiles(directory);
  await expect(rail.getByRole('form', { name: 'What is served of it' })).toBeVisible();
}
