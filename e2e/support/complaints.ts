import type { Page } from '@playwright/test';

/** Errors of the console, exceptions that nobody caught, and CSP violations, in the page and in its workers. */
export interface Complaints {
  /** Complaints that match are part of the test. */
  expect(pattern: RegExp): void;
  unexpected(): readonly string[];
  all(): readonly string[];
}

const MARK = 'headway-csp-violation:';

/** Runs in a page or worker: a violation becomes a line of its console. */
function report(mark: string): void {
  const scope = globalThis as typeof globalThis & { headwayReportsCsp?: boolean };
  if (scope.headwayReportsCsp) return;
  scope.headwayReportsCsp = true;
  scope.addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI, sourceFile } = event as SecurityPolicyViolationEvent;
    console.error(`${mark} ${effectiveDirective} ${blockedURI} in ${sourceFile}`);
  });
}

export function listen(page: Page): Complaints {
  const heard: string[] = [];
  // A model may have this file; the browser reports where the embedded one has not.
  const expected: RegExp[] = [/404.*chat_template\.jinja/];
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => heard.push(`not caught: ${error.message}`));
  // Workers do not run init scripts; a worker that is gone again before it could be asked has nothing to say.
  page.on('worker', (worker) => void worker.evaluate(report, MARK).catch(() => {}));
  void page.addInitScript(report, MARK);
  return {
    expect: (pattern) => expected.push(pattern),
    unexpected: () => heard.filter((line) => !expected.some((pattern) => pattern.test(line))),
    all: () => heard,
  };
}
