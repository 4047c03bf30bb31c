import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../scripts/build';
import { installedBrowser } from '../scripts/setup-browser.mjs';
import { printable } from '../src/core/text';
import { wasmThreads } from '../src/core/wasm-threads';
import { memoryNeed } from '../src/model/synthetic/memory';
import { isSynthetic, parseSynthetic } from '../src/model/synthetic/spec';
import { fileCache } from './browser/choose';
import { type Diagnosis, examine } from './browser/examine';
import { openWith } from './browser/open';
import { thisMachine } from './browser/ways';
import { within } from './browser/within';
import type { Command } from './command';
import { MODEL, modelOf } from './common-options';
import { flag } from './option';
import { createProgress } from './progress';

const VERSION_MS = 3_000;

/** `doctor`: what of this machine Headway can use, and what to do about the rest. */
export const doctor: Command = {
  says: 'Says which browser, GPU, threads and hub this machine has for Headway, and what to do about what is missing.',
  options: [
    MODEL,
    flag('--json', 'Prints one JSON object on standard output.'),
    flag('--help', 'Prints this.'),
  ],
  async run(values) {
    const model = values.get('--model');
    const name = typeof model === 'string' ? modelOf(model) : 'models/mini-gpt/';
    const machine = thisMachine();
    const browser = await installedBrowser(ROOT);
    const path = 'path' in browser ? browser.path : '';
    const progress = createProgress();
    const { diagnosis, advice } = await examine({
      machine,
      browser,
      version: () => versionOf(path),
      open: openWith(path, machine.xvfb),
      cache: fileCache(),
      slotBytes: slotBytesOf(name),
      threadsOf: ({ isolated, cores }) => wasmThreads('auto', isolated, cores),
      say: progress.show,
    });
    progress.end();
    if (values.has('--json')) process.stdout.write(printable(`${JSON.stringify(diagnosis)}\n`));
    else process.stdout.write(printable(table(diagnosis, name)));
    for (const line of advice) progress.say(line);
    if (diagnosis.runs_with === null) throw new Error('Nothing on this machine can serve a model.');
  },
};

/** What the program says of itself; it may be no browser, or hang. chrome.exe would open a window instead. */
async function versionOf(path: string): Promise<string | null> {
  if (process.platform === 'win32') return null;
  const child = spawn(path, ['--version'], { stdio: ['ignore', 'pipe', 'ignore'] });
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  await within(VERSION_MS, ended, 'no version').catch(() => child.kill('SIGKILL'));
  return /\d+(\.\d+)+/.exec(said)?.[0] ?? null;
}

/** Bytes of a slot's part of one cache tensor. @returns null for a model of the hub: nothing is downloaded for this */
function slotBytesOf(name: string): number | null {
  if (isSynthetic(name)) {
    const { shape, dtype } = parseSynthetic(name);
    return memoryNeed(shape, dtype).cacheTensorPerSlot;
  }
  const file = join(ROOT, 'public', name, 'config.json');
  if (!existsSync(file)) return null;
  const config = JSON.parse(readFileSync(file, 'utf8'));
  const headDim = config.head_dim ?? config.hidden_size / config.num_attention_heads;
  const bytes = 4 * (config.num_key_value_heads ?? config.num_attention_heads) * headDim;
  return bytes * config.max_position_embeddings;
}

const yesNo = (value: boolean | null) => (value === null ? 'not known' : value ? 'yes' : 'no');
const bytes = (value: number) => `${(value / 2 ** 20).toFixed(value < 2 ** 20 ? 2 : 0)} MiB`;

function table(diagnosis: Diagnosis, model: string): string {
  const { node, browser, probes, adapter, features, limits, wasm, hub, runs_with } = diagnosis;
  const rows: [string, string][] = [
    ['Node', node],
    ['browser', browser.path ? `${browser.path} ${browser.version ?? '(version not known)'}` : 'none'],
    ...probes.map(({ how, adapter: found, hardware, ms, error }): [string, string] => {
      const what = hardware ? `${found}: hardware` : `${error}`;
      return [`  ${how}`, `${what} (${(ms / 1000).toFixed(1)} s)`];
    }),
    ['adapter', adapter ?? 'none'],
    ...(features
      ? Object.entries(features).map(([name, has]): [string, string] => [`  ${name}`, yesNo(has)])
      : []),
    ...(limits
      ? ([
          ['  largest buffer', bytes(Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize))],
          ['  workgroup memory', bytes(limits.maxComputeWorkgroupStorageSize)],
          [`  slots of ${model}`, limits.slots === null ? 'not known' : `at most ${limits.slots}`],
        ] as [string, string][])
      : []),
    ['cross-origin isolated', yesNo(wasm.isolated)],
    ['WASM threads', wasm.threads === null ? 'not known' : `${wasm.threads}`],
    ['hub reachable', yesNo(hub.reachable)],
    [
      'runs with',
      runs_with === 'webgpu' ? `WebGPU on ${adapter}` : runs_with === 'wasm' ? 'WASM' : 'nothing',
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return `${rows.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')}\n`;
}
