import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The commit that the page is built from, as it stands in every manifest; "unknown" in a copy without its history. */
export function revision(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
