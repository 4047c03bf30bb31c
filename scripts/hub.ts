import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** As `public/hub.json` has it, from which the page reads where models come from. */
export interface Hub {
  readonly origin: string;
  /** What else a download is redirected to, as sources of a Content-Security-Policy. */
  readonly downloads: readonly string[];
}

const FILE = join(fileURLToPath(new URL('..', import.meta.url)), 'public', 'hub.json');

/** The hub of this server: another one, such as a mirror of your own, where HEADWAY_HUB gives its origin. */
export function hubOf({ HEADWAY_HUB }: NodeJS.ProcessEnv = process.env): Hub {
  if (!HEADWAY_HUB) return JSON.parse(readFileSync(FILE, 'utf8'));
  if (!URL.canParse(HEADWAY_HUB)) {
    console.error(
      `HEADWAY_HUB must be the address of a hub, such as https://models.example; given: "${HEADWAY_HUB}".`,
    );
    process.exit(2);
  }
  return { origin: new URL(HEADWAY_HUB).origin, downloads: [] };
}
