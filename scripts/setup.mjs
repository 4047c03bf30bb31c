// Makes a fresh clone ready: installs the locked packages and, with --browser, finds a browser for the command line and
// the tests. With --then FILE it goes on with that program, which gets the arguments behind it. Plain JavaScript without
// dependencies, since it runs before there are any.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const OLDEST_NODE = [20, 19];

/** Progress goes to standard error: `npm run headway` may have a JSON object to print. */
const say = (/** @type {string} */ line) => process.stderr.write(`setup: ${line}\n`);

/** @returns {never} */
function fail(/** @type {string} */ line) {
  say(line);
  process.exit(1);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [needMajor = 0, needMinor = 0] = OLDEST_NODE;
  if (major > needMajor || (major === needMajor && minor >= needMinor)) return;
  fail(`Headway needs Node ${OLDEST_NODE.join('.')} or newer; this is Node ${process.versions.node}.`);
}

/** @returns {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }> | null} */
function packagesOf(/** @type {string} */ lockFile) {
  if (!existsSync(lockFile)) return null;
  return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
}

/** Why the installed packages are not those of package-lock.json, or null. npm leaves its own record of what it installed. */
function staleness() {
  const installed = packagesOf(join(ROOT, 'node_modules', '.package-lock.json'));
  if (!installed) return 'no packages are installed yet';
  for (const [path, wanted] of Object.entries(packagesOf(join(ROOT, 'package-lock.json')) ?? {})) {
    const found = installed[path];
    const name = path.replace(/^node_modules\//, '');
    if (path === '' || (!found && (wanted.optional || wanted.devOptional))) continue;
    if (!found) return `${name} is missing`;
    // An entry of another platform may be locked by its version alone.
    const other = wanted.integrity !== undefined && found.integrity !== wanted.integrity;
    if (found.version !== wanted.version || other) {
      return `${name} is ${found.version}, package-lock.json has ${wanted.version}`;
    }
  }
  return null;
}

function installPackages() {
  const reason = staleness();
  if (!reason) return;
  say(`installing the locked packages with "npm ci" (${reason})`);
  // npm is a .cmd file on Windows, which only a shell starts.
  const npm = spawnSync('npm ci --no-audit --no-fund --loglevel=error', {
    cwd: ROOT,
    shell: true,
    stdio: ['ignore', 2, 2],
  });
  if (npm.status !== 0) fail('"npm ci" failed; what it said stands above. Nothing else was done.');
}

/** Goes on with a TypeScript program, which has this one's input, output, arguments and exit code. */
function goOn(/** @type {string} */ program, /** @type {string[]} */ args) {
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => child.kill(signal));
  }
  child.on('error', (error) => fail(error.message));
  child.on('close', (code, signal) => {
    process.exitCode = code ?? (signal ? 1 : 0);
  });
}

const then = process.argv.indexOf('--then');
const own = then < 0 ? process.argv : process.argv.slice(0, then);
const [program, ...args] = then < 0 ? [] : process.argv.slice(then + 1);

checkNode();
installPackages();
// The doctor says whether there is a browser; it does not install one.
if (own.includes('--browser') && args[0] !== 'doctor') {
  const { findBrowser } = await import('./setup-browser.mjs');
  const failure = await findBrowser(ROOT, say);
  if (failure) fail(failure);
}
if (program) goOn(program, args);
