import { existsSync, readFileSync } from 'node:fs';

/** Tests of one stage. A stage that is no test runner counts as one test. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Of those that passed: the ones that failed when first tried. */
  readonly again: number;
}

const none: Counts = { passed: 0, failed: 0, skipped: 0, again: 0 };

export const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
  again: a.again + b.again,
});

export const single = (ok: boolean): Counts => ({ ...none, [ok ? 'passed' : 'failed']: 1 });

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
}

interface PlaywrightReport {
  readonly stats: {
    readonly expected: number;
    readonly unexpected: number;
    readonly flaky: number;
    readonly skipped: number;
  };
}

export const fromVitest = (report: VitestReport): Counts => ({
  passed: report.numPassedTests,
  failed: report.numFailedTests,
  skipped: report.numPendingTests + report.numTodoTests,
  again: 0,
});

/** A page that is measured in real time on a busy machine gets a second try, and is counted. */
export const fromPlaywright = ({ stats }: PlaywrightReport): Counts => ({
  passed: stats.expected + stats.flaky,
  failed: stats.unexpected,
  skipped: stats.skipped,
  again: stats.flaky,
});

/**
 * What a test runner wrote to `file`. A runner that failed without a failed test (a file that does not load, a server
 * that does not start), or that left no report, is itself one failure.
 */
export function read<Report>(file: string, ok: boolean, count: (report: Report) => Counts): Counts {
  const counts = existsSync(file) ? count(JSON.parse(readFileSync(file, 'utf8'))) : none;
  const silent = counts.failed === 0 && (!ok || counts.passed + counts.skipped === 0);
  return silent ? add(counts, single(false)) : counts;
}

/** What became of a stage. */
export const stageLine = (counts: Counts): string =>
  lastLine(counts) + (counts.again > 0 ? `, ${counts.again} of the passed only when tried again` : '');

/** The very last line of `npm test`. */
export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
