import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { fromPlaywright, fromVitest, lastLine, read, stageLine } from './test-report';

const folder = mkdtempSync(join(tmpdir(), 'headway-report-'));

function written(name: string, report: object): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(report));
  return file;
}

test('counts vitest tests, the ones not written yet as skipped', () => {
  const file = written('vitest.json', {
    numPassedTests: 5,
    numFailedTests: 2,
    numPendingTests: 1,
    numTodoTests: 1,
  });
  expect(read(file, false, fromVitest)).toEqual({ passed: 5, failed: 2, skipped: 2, again: 0 });
});

test('a flaky test has passed, and is told of', () => {
  const file = written('pw.json', { stats: { expected: 3, unexpected: 0, flaky: 1, skipped: 0 } });
  const counts = read(file, true, fromPlaywright);
  expect(counts).toEqual({ passed: 4, failed: 0, skipped: 0, again: 1 });
  expect(stageLine(counts)).toBe('4 passed, 0 failed, 1 of the passed only when tried again');
  expect(lastLine(counts)).toBe('4 passed, 0 failed');
});

test.each([
  ['failed without a failed test', false, { expected: 3, unexpected: 0, flaky: 0, skipped: 0 }, 3],
  ['ran no test at all', true, { expected: 0, unexpected: 0, flaky: 0, skipped: 0 }, 0],
])('a runner that %s is one failure', (_, ok, stats, passed) => {
  expect(read(written('silent.json', { stats }), ok, fromPlaywright)).toEqual({
    passed,
    failed: 1,
    skipped: 0,
    again: 0,
  });
});

test('a report that was never written is one failure', () => {
  expect(read(join(folder, 'absent.json'), true, fromVitest)).toEqual({
    passed: 0,
    failed: 1,
    skipped: 0,
    again: 0,
  });
});

test('the last line names skipped tests only when there are some', () => {
  expect(lastLine({ passed: 12, failed: 0, skipped: 0, again: 0 })).toBe('12 passed, 0 failed');
  expect(lastLine({ passed: 12, failed: 1, skipped: 2, again: 0 })).toBe('12 passed, 1 failed, 2 skipped');
});
