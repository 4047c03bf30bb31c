import { createServer } from 'node:net';
import { expect, test } from '@playwright/test';
import { run, start } from './support/process';

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
    expect((await fetch(`${address}models/nowhere/config.json`)).status).toBe(404);
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
