import { mkdirSync, readFileSync } from 'node:fs';
import { UsageError } from './usage-error';

/** Makes the folder before anything is measured, so that no result is lost to a folder that cannot be made. @throws UsageError */
export function outFolder(path: unknown): string {
  try {
    mkdirSync(String(path), { recursive: true });
  } catch (error) {
    throw new UsageError(`--out must be a folder that can be made; given: "${path}" (${String(error)}).`);
  }
  return String(path);
}

/** Exact versions of what the page is made with: the project pins them. */
export function libraries(): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).dependencies;
}
