import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { revision } from './revision';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

const DIST = join(ROOT, 'dist');
/** Beside the checkout's own files: packages may be shared by several. */
const STAMP = join(ROOT, '.cache', 'build.json');

/** What the page is made of. */
const INPUTS = [
  'index.html',
  'src',
  'public',
  'vite.config.ts',
  'scripts/headers.ts',
  'scripts/hub.ts',
  'scripts/static-page.ts',
  'package-lock.json',
];

/** Time of the youngest file under `path`, ms; tests are no part of the page. */
function youngest(path: string): number {
  if (!existsSync(path) || /\.test\.tsx?$/.test(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  // The folder's own time tells of a file that was removed.
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => youngest(join(path, name))));
}

/** Why the page has to be built, or null. */
function staleness(): string | null {
  if (!existsSync(join(DIST, 'index.html')) || !existsSync(STAMP)) return 'it is not built yet';
  const built = JSON.parse(readFileSync(STAMP, 'utf8'));
  if (INPUTS.some((input) => youngest(join(ROOT, input)) > built.at)) return 'its sources have changed';
  return built.revision === revision() ? null : 'there is a new commit';
}

function viteBuild(outDir: string): Promise<void> {
  const args = [join(ROOT, 'node_modules', 'vite', 'bin', 'vite.js'), 'build', '--outDir', outDir];
  return new Promise((resolve, reject) => {
    // A process of its own, so that a test runner's NODE_ENV does not end up in the page; it speaks on standard error.
    const child = spawn(process.execPath, [...args, '--emptyOutDir', '--logLevel', 'warn'], {
      cwd: ROOT,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 2, 2],
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error('The page could not be built; what the build said stands above.'));
    });
  });
}

/**
 * Builds the page into dist/ unless it is there and younger than its sources. The old page stays whole until the new
 * one is: someone may be looking at it.
 */
export async function ensureBuilt(say: (line: string) => void): Promise<void> {
  const reason = staleness();
  if (!reason) return;
  say(`building the page: ${reason}`);
  const started = Date.now();
  const fresh = join(dirname(STAMP), `dist-${process.pid}`);
  const old = `${fresh}-old`;
  mkdirSync(dirname(STAMP), { recursive: true });
  try {
    await viteBuild(fresh);
    if (existsSync(DIST)) renameSync(DIST, old);
    renameSync(fresh, DIST);
    writeFileSync(STAMP, JSON.stringify({ at: started, revision: revision() }));
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
  say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}
