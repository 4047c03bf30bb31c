import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Diagnosis } from '../cli/browser/examine';
import { run } from './support/process';

test.setTimeout(120_000);

/** All of `npm run headway -- doctor`, as often as it is asked. */
const LIMIT_MS = 30_000;

async function doctor(env: NodeJS.ProcessEnv = {}) {
  const begin = performance.now();
  const { code, stdout, stderr } = await run('cli/main.ts', ['doctor', '--json', '--model', 'mini-gpt'], env);
  expect(performance.now() - begin).toBeLessThan(LIMIT_MS);
  return { code, stderr, diagnosis: JSON.parse(stdout) as Diagnosis };
}

test('doctor starts this browser, tries each way to a GPU and says what runs', async () => {
  const { code, stderr, diagnosis } = await doctor();
  expect(code, stderr).toBe(0);
  expect(diagnosis.node).toBe(process.versions.node);
  expect(diagnosis.browser.version).toMatch(/^\d+\.\d+/);
  expect(diagnosis.probes.length).toBeGreaterThan(1);
  const hardware = diagnosis.probes.some((probe) => probe.hardware);
  expect(diagnosis.runs_with).toBe(hardware ? 'webgpu' : 'wasm');
  for (const { error, hardware } of diagnosis.probes) expect(error === null).toBe(hardware);
  if (!hardware) expect(stderr).toContain('No hardware adapter');
  expect(diagnosis.wasm).toEqual({ threads: expect.any(Number), isolated: true });
  expect(diagnosis.limits?.slots).toBeGreaterThan(8);
});

test('a browser that hangs, is none, or is not there: exit code 1, in time, with what to do', async () => {
  const hangs = join(mkdtempSync(join(tmpdir(), 'headway-doctor-')), 'chromium');
  writeFileSync(hangs, '#!/bin/sh\nexec sleep 600\n');
  chmodSync(hangs, 0o755);
  for (const [path, says] of [
    [hangs, 'hangs: the browser did not start within'],
    ['/bin/false', 'does not start'],
    ['/nowhere/chromium', 'No browser: CHROMIUM_PATH is "/nowhere/chromium"'],
  ] as const) {
    const { code, stderr, diagnosis } = await doctor({ CHROMIUM_PATH: path });
    expect(code, path).toBe(1);
    expect(diagnosis.runs_with, path).toBeNull();
    expect(stderr).toContain(says);
  }
});
