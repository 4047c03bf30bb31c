import { spawn } from 'node:child_process';
import { ensureBuilt } from './build';
import { serve } from './serve';

/** `npm start`: builds the page if need be, serves it as in production, and opens it where there is a desktop. */
const DEFAULT_PORT = 4173;

function wantedPort(): number {
  const given = process.env.PORT;
  if (given === undefined || given === '') return DEFAULT_PORT;
  const port = Number(given);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  console.error(`PORT must be a whole number from 0 to 65535; given: "${given}".`);
  process.exit(2);
}

function hasDesktop(): boolean {
  if (process.env.CI || process.argv.includes('--no-open')) return false;
  if (process.platform !== 'linux') return true;
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

function open(url: string): void {
  const [command, ...args] =
    process.platform === 'win32'
      ? ['cmd', '/c', 'start', '', url]
      : [process.platform === 'darwin' ? 'open' : 'xdg-open', url];
  // Nothing to open it with is no failure: the address stands on the screen.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

const wanted = wantedPort();
await ensureBuilt((line) => console.log(line));
const served = await serve(wanted);
if (wanted !== 0 && served.port !== wanted) {
  console.log(
    `Port ${wanted} is taken by another program; using ${served.port}. (PORT=... chooses another.)`,
  );
}
console.log(`Headway is at ${served.url}  (Ctrl-C ends it)`);
if (hasDesktop()) open(served.url);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    // Browsers keep their connections open; whoever asks to end it should not wait for them.
    void served.close();
    setTimeout(() => process.exit(0), 200);
  });
}
