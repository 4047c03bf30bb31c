import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { run, start } from './support/process';

const SECURITY = [
  'content-security-policy',
  'cross-origin-embedder-policy',
  'cross-origin-opener-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  'x-content-type-options',
];
/** What is no file, and what Vite answers before it looks for one. */
const OTHER_ANSWERS = [
  ['GET', 'models/nowhere/config.json', 404],
  ['GET', 'assets/', 404],
  ['GET', '%E0%A4%A', 404],
  ['POST', '', 404],
  ['OPTIONS', '', 204],
] as const;

test('a busy port is not an error: the next one is taken, said, and serves the page', async () => {
  const other = createServer();
  const busy = await new Promise<number>((resolve) => {
    other.listen(0, 'localhost', () => resolve((other.address() as { port: number }).port));
  });
  const server = start('scripts/start.ts', ['--no-open'], { PORT: String(busy) });
  try {
    const [line, address = '', port] = await server.said(/Headway is at (http:\/\/localhost:(\d+)\/)/);
    expect(line).toBeTruthy();
    expect(Number(port)).not.toBe(busy);
    const response = await fetch(address);
    expect(response.status).toBe(200);
    expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(response.headers.get('content-security-policy')).toContain(
      "connect-src 'self' https://huggingface.co https://*.hf.co https://*.huggingface.co;",
    );
    for (const [method, path, status] of OTHER_ANSWERS) {
      const answer = await fetch(address + path, { method });
      expect(answer.status, path).toBe(status);
      for (const name of SECURITY) {
        expect(answer.headers.get(name), `${name} of ${method} /${path}`).toBe(response.headers.get(name));
        expect(answer.headers.get(name)).not.toBeNull();
      }
    }
  } finally {
    server.interrupt();
    other.close();
  }
  const { code, stdout } = await server.ended;
  expect(stdout).toContain(`Port ${busy} is taken`);
  expect(code).toBe(0);
});

test('a PORT that is none is refused', async () => {
  const { code, stderr } = await run('scripts/start.ts', ['--no-open'], { PORT: 'eighty' });
  expect(code).toBe(2);
  expect(stderr).toContain('"eighty"');
});
