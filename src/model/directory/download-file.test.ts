import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { downloadFile } from './download-file';
import { memoryShelf } from './memory-shelf';

const WHOLE = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A server that gives each request the next answer, and the last one from then on. */
async function serverOf(...answers: readonly Answer[]) {
  const ranges: (string | undefined)[] = [];
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    (answers[ranges.length - 1] ?? answers.at(-1))?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://localhost:${(server.address() as AddressInfo).port}/model.onnx`, ranges };
}

const startOf = (range: string | undefined) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

/** With ranges, as the hub gives them. @param until breaks the connection there; the whole file unless given */
const part =
  (until = WHOLE.length): Answer =>
  ({ headers: { range } }, response) => {
    const start = startOf(range);
    const length = WHOLE.length - start;
    const told = {
      'content-length': length,
      'content-range': `bytes ${start}-${WHOLE.length - 1}/${WHOLE.length}`,
    };
    response.writeHead(range ? 206 : 200, told);
    if (until >= WHOLE.length) response.end(WHOLE.subarray(start));
    else response.write(WHOLE.subarray(start, until), () => setTimeout(() => response.destroy(), 20));
  };

const withoutRanges: Answer = (_, response) => response.writeHead(200).end(WHOLE);
const status =
  (code: number): Answer =>
  (_, response) =>
    response.writeHead(code).end('no');

async function begun(there = 0, capacity?: number) {
  const shelf = memoryShelf(capacity);
  const sink = await shelf.open('model.onnx');
  if (there > 0) sink.append(WHOLE.slice(0, there));
  const troubles: string[] = [];
  const download = (url: string, options: Partial<Parameters<typeof downloadFile>[0]> = {}) =>
    downloadFile({
      url,
      label: 'owner/name/model.onnx',
      bytes: WHOLE.length,
      sink,
      fetchFile: fetch,
      onTrouble: (sentence) => troubles.push(sentence),
      pauseMs: 1,
      ...options,
    });
  return {
    sink,
    troubles,
    download,
    whole: async () => Buffer.compare(await shelf.read('model.onnx'), WHOLE) === 0,
  };
}

test('a connection that breaks in the middle is made anew, from where the file ends', async () => {
  const server = await serverOf(part(100_000), part(220_000), part());
  const { download, whole, troubles } = await begun();
  const seen: number[] = [];
  await download(server.url, { onBytes: (there) => seen.push(there) });
  expect(await whole()).toBe(true);
  expect(server.ranges).toEqual([undefined, 'bytes=100000-', 'bytes=220000-']);
  expect(troubles).toHaveLength(2);
  expect(troubles[0]).toContain('The connection broke at 100 kB');
  expect(seen).toEqual(seen.toSorted((a, b) => a - b));
  expect(seen.at(-1)).toBe(WHOLE.length);
});

test('what was there is not asked for again', async () => {
  const server = await serverOf(part());
  const { download, whole } = await begun(250_000);
  await download(server.url);
  expect(server.ranges).toEqual(['bytes=250000-']);
  expect(await whole()).toBe(true);
  await download(server.url);
  expect(server.ranges).toHaveLength(1);
});

test('the beginning alone can be fetched, and the rest later', async () => {
  const server = await serverOf(part());
  const { download, sink, whole } = await begun();
  await download(server.url, { until: 1000 });
  expect(sink.bytes).toBeGreaterThanOrEqual(1000);
  await download(server.url);
  expect(await whole()).toBe(true);
});

test('a server without ranges begins again, and that is said', async () => {
  const server = await serverOf(withoutRanges);
  const { download, whole, troubles } = await begun(90_000);
  await download(server.url);
  expect(await whole()).toBe(true);
  expect(troubles).toEqual([
    'The server does not continue files: the 90 kB that were there are fetched again.',
  ]);
});

test('a server that is gone for good ends it, with what is kept; a busy one is asked again', async () => {
  const gone = await serverOf(part(100_000), status(503));
  const { download, sink } = await begun();
  await expect(download(gone.url)).rejects.toMatchObject({
    code: 'download-stopped',
    message: expect.stringMatching(/^The connection broke at 100 kB of 300 kB .*answered 503.*is kept/),
  });
  expect(sink.bytes).toBe(100_000);
  expect(gone.ranges.length).toBe(6);
  const back = await serverOf(status(429), part());
  await download(back.url);
  expect(sink.bytes).toBe(WHOLE.length);
});

test('a connection that says nothing counts as broken', async () => {
  const silent: Answer = (_, response) => {
    response.writeHead(200, { 'content-length': WHOLE.length });
    response.write(WHOLE.subarray(0, 50_000));
  };
  const server = await serverOf(silent, part());
  const { download, whole, troubles } = await begun();
  await download(server.url, { silenceMs: 200 });
  expect(troubles[0]).toContain('nothing came for 0.2 s');
  expect(await whole()).toBe(true);
});

test('what the hub refuses, and what is longer than listed, ends it at once', async () => {
  const refused = await serverOf(status(403));
  const first = await begun();
  await expect(first.download(refused.url)).rejects.toMatchObject({
    code: 'model-file-missing',
    message: 'owner/name/model.onnx cannot be downloaded: the hub answered 403.',
  });
  expect(refused.ranges).toHaveLength(1);
  for (const answer of [part(), withoutRanges]) {
    const { download, sink } = await begun(1000);
    const server = await serverOf(answer);
    await expect(download(server.url, { bytes: 200_000 })).rejects.toMatchObject({
      code: 'model-file-damaged',
    });
    expect(sink.bytes).toBeLessThanOrEqual(1000);
  }
});

test('a full storage ends it, with what was stored', async () => {
  const server = await serverOf(part());
  const { download, sink } = await begun(0, 150_000);
  await expect(download(server.url)).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringMatching(/could not be stored beyond .* of 300 kB \(the shelf is full\)/),
  });
  expect(sink.bytes).toBeLessThanOrEqual(150_000);
});
