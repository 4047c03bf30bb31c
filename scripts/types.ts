import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Type-checks every realm under its own `lib`, so that `document` in a worker does not compile. */
const REALMS = ['pure', 'worker', 'page', 'node', 'tests'] as const;

interface Verdict {
  readonly realm: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

function check(realm: string): Promise<Verdict> {
  const started = performance.now();
  const args = [
    // The native one; the import rules are read by a tool that needs the older one's API.
    'node_modules/typescript-7/bin/tsc',
    '--project',
    `tsconfig.${realm}.json`,
    '--pretty',
    'false',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr.on('data', (chunk) => {
      output += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      const ok = code === 0;
      resolve({ realm, ok, output, seconds: (performance.now() - started) / 1000 });
    });
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !REALMS.some((realm) => realm === name));
if (unknown.length > 0) {
  console.error(`There is no realm ${unknown.join(', ')}; there are ${REALMS.join(', ')}.`);
  process.exit(2);
}

const left: string[] = wanted.length > 0 ? wanted : [...REALMS];
let failed = false;

async function lane(): Promise<void> {
  for (let realm = left.shift(); realm; realm = left.shift()) {
    const verdict = await check(realm);
    failed ||= !verdict.ok;
    console.log(
      `types of ${verdict.realm}: ${verdict.ok ? 'ok' : 'FAILED'} (${verdict.seconds.toFixed(1)} s)`,
    );
    if (!verdict.ok) console.log(verdict.output.trimEnd());
  }
}

await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, lane));
process.exitCode = failed ? 1 : 0;
