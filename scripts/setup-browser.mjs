// Finds a Chromium for the command line and the tests, and writes down where it is.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where installers put Chrome without putting it on the PATH. */
const PLACES = {
  linux: ['/usr/bin/chromium', '/opt/google/chrome/chrome', '/snap/bin/chromium'],
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    `${process.env.HOME}/Applications/Google Chrome.app/Contents/MacOS/Google Chrome`,
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].map(
    (base) => `${base}\\Google\\Chrome\\Application\\chrome.exe`,
  ),
};

/** @returns {string[]} */
function installedCandidates() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) =>
      NAMES.map((name) => join(folder, process.platform === 'win32' ? `${name}.exe` : name)),
    );
  const places = PLACES[/** @type {keyof typeof PLACES} */ (process.platform)] ?? [];
  return [...onPath, ...places].filter((path) => existsSync(path));
}

/** Its version, or null when it does not start: a distribution may leave a stub that only asks to install something. */
function versionOf(/** @type {string} */ path) {
  // chrome.exe opens a window instead of printing its version.
  if (process.platform === 'win32') return 'version not asked';
  const run = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 60_000 });
  return run.status === 0 && /\d+\.\d+/.test(run.stdout) ? run.stdout.trim() : null;
}

/** @returns {Promise<string | null>} where Playwright's own Chromium is or would be */
async function playwrightPath() {
  const { chromium } = await import('@playwright/test');
  return chromium.executablePath() || null;
}

function run(/** @type {string} */ command, /** @type {string[]} */ args, /** @type {string} */ cwd) {
  return spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] }).status === 0;
}

/**
 * The ways to a browser, in the order in which they are tried.
 * @param {string} root
 * @returns {{ what: string, find: () => Promise<(string | null)[]> }[]}
 */
function ways(root) {
  return [
    { what: 'an installed Chrome or Chromium', find: async () => installedCandidates() },
    { what: "Playwright's Chromium, downloaded earlier", find: async () => [await playwrightPath()] },
    {
      what: 'downloading Chromium with "playwright install chromium"',
      find: async () => {
        const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
        return run(process.execPath, [cli, 'install', 'chromium'], root) ? [await playwrightPath()] : [];
      },
    },
    {
      what: "Debian's package, with apt-get",
      find: async () => {
        if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return [];
        const installed =
          run('apt-get', ['update'], root) && run('apt-get', ['install', '-y', 'chromium'], root);
        return installed ? installedCandidates() : [];
      },
    },
  ];
}

const recordOf = (/** @type {string} */ root) => join(root, 'node_modules', '.headway', 'browser.json');

/**
 * Where the browser is, without installing, starting or recording one.
 * @param {string} root the repository
 * @returns {Promise<{ path: string } | { missing: string }>}
 */
export async function installedBrowser(root) {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    return existsSync(chosen)
      ? { path: chosen }
      : { missing: `CHROMIUM_PATH is "${chosen}", which is not there.` };
  }
  const record = recordOf(root);
  const known = existsSync(record) ? [JSON.parse(readFileSync(record, 'utf8')).path] : [];
  for (const path of [...known, ...installedCandidates(), await playwrightPath()]) {
    if (path && existsSync(path)) return { path };
  }
  return {
    missing:
      'none is installed. Install Chrome or Chromium, or set CHROMIUM_PATH to one; the other commands of "npm run headway" download one where they can.',
  };
}

/**
 * Writes node_modules/.headway/browser.json: `{ "path", "version" }`.
 * @param {string} root the repository
 * @param {(line: string) => void} say
 * @returns {Promise<string | null>} why there is no browser, as a sentence, or null
 */
export async function findBrowser(root, say) {
  const record = recordOf(root);
  const keep = (/** @type {string} */ path, /** @type {string} */ version) => {
    mkdirSync(dirname(record), { recursive: true });
    writeFileSync(record, `${JSON.stringify({ path, version }, null, 2)}\n`);
    say(`browser: ${path} (${version})`);
    return null;
  };

  const chosen = process.env.CHROMIUM_PATH;
  if (!chosen && existsSync(record)) {
    const { path } = JSON.parse(readFileSync(record, 'utf8'));
    if (existsSync(path)) return null;
    say(`the browser found earlier is gone: ${path}`);
  }
  if (chosen) {
    const version = existsSync(chosen) && versionOf(chosen);
    return version ? keep(chosen, version) : `CHROMIUM_PATH is "${chosen}", which is no browser that starts.`;
  }

  for (const { what, find } of ways(root)) {
    say(`browser: trying ${what}`);
    for (const path of await find()) {
      const version = path && existsSync(path) && versionOf(path);
      if (path && version) return keep(path, version);
    }
  }
  return 'No browser: none is installed and none could be downloaded. Install Chrome or Chromium, or set CHROMIUM_PATH to one.';
}
