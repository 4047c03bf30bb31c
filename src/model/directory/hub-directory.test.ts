import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openHubDirectory } from './hub-directory';
import { memoryShelf } from './memory-shelf';
import type { Shelf } from './shelf';

const ONNX = Uint8Array.from({ length: 5000 }, (_, i) => i % 200);
const hex = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

interface World {
  readonly shelf: Shelf;
  readonly asked: string[];
  /** What the hub has now. */
  state: { commit: string; onnx: Uint8Array; lies: boolean; there: boolean; gated: boolean };
}

const world = (capacity?: number): World => ({
  shelf: memoryShelf(capacity),
  asked: [],
  state: { commit: 'c1', onnx: ONNX, lies: false, there: true, gated: false },
});

function open({ shelf, asked, state }: World) {
  const answers = (url: string): Response => {
    if (!state.there) throw new TypeError('no network');
    if (url === 'https://hub.test/api/models/owner/name/revision/main?blobs=true') {
      const lfs = { sha256: hex(state.onnx), size: state.onnx.length };
      return Response.json({
        sha: state.commit,
        gated: state.gated ? 'manual' : false,
        siblings: [
          { rfilename: 'config.json', size: 2 },
          { rfilename: 'onnx/model.onnx', lfs },
        ],
      });
    }
    if (url === `https://hub.test/owner/name/resolve/c1/config.json`) return new Response('{}');
    if (url === `https://hub.test/owner/name/resolve/c1/onnx/model.onnx`) {
      return new Response((state.lies ? state.onnx.toReversed() : state.onnx) as Uint8Array<ArrayBuffer>);
    }
    return new Response('no', { status: 404 });
  };
  return openHubDirectory({
    hub: { origin: 'https://hub.test' },
    name: 'owner/name',
    revision: 'main',
    shelf,
    fetchFile: async (url) => {
      asked.push(url);
      return answers(url);
    },
    onTrouble: () => {},
    pauseMs: 1,
  });
}

test('a file is downloaded once, and read without a network from then on', async () => {
  const hub = world();
  const directory = await open(hub);
  expect(directory.files?.map(({ path, bytes }) => [path, bytes])).toEqual([
    ['config.json', 2],
    ['onnx/model.onnx', 5000],
  ]);
  const told: (number | null)[] = [];
  expect(await directory.read('onnx/model.onnx', (there, all) => told.push(there, all))).toEqual(ONNX);
  expect(told.slice(-2)).toEqual([5000, 5000]);
  const asked = hub.asked.length;
  hub.state.there = false;
  const again = await open(hub);
  expect(await again.read('onnx/model.onnx')).toEqual(ONNX);
  expect(hub.asked.length).toBe(asked);
});

test('files can be read at once', async () => {
  const directory = await open(world());
  const [config, onnx] = await Promise.all(
    ['config.json', 'onnx/model.onnx'].map((path) => directory.read(path)),
  );
  expect(config?.length).toBe(2);
  expect(onnx).toEqual(ONNX);
});

test('one that is kept stays at its commit while the hub moves on', async () => {
  const hub = world();
  await (await open(hub)).head('onnx/model.onnx', 10);
  hub.state.commit = 'c2';
  expect(await (await open(hub)).read('onnx/model.onnx')).toEqual(ONNX);
  expect(hub.asked.every((url) => !url.includes('c2'))).toBe(true);
});

test('looking alone keeps nothing', async () => {
  const hub = world();
  await open(hub);
  expect(await hub.shelf.size('headway-listing.json')).toBe(0);
});

test('content that is not what the hub lists is deleted and named', async () => {
  const hub = world();
  hub.state.lies = true;
  await expect((await open(hub)).read('onnx/model.onnx')).rejects.toMatchObject({
    code: 'model-file-damaged',
    message: expect.stringContaining('owner/name/onnx/model.onnx is not what the hub lists'),
  });
  expect(await hub.shelf.size('onnx/model.onnx')).toBe(0);
  hub.state.lies = false;
  expect(await (await open(hub)).read('onnx/model.onnx')).toEqual(ONNX);
});

test('what does not fit is refused before it is fetched, with both sizes', async () => {
  const hub = world(3000);
  await expect((await open(hub)).read('onnx/model.onnx')).rejects.toMatchObject({
    code: 'storage-failed',
    message: expect.stringMatching(/needs 5 kB of the browser's storage, and this page may use 3 kB more/),
  });
  expect(hub.asked).toHaveLength(1);
});

test('a storage that is full before the first file is said, too', async () => {
  const hub = world(50);
  await expect((await open(hub)).read('config.json')).rejects.toMatchObject({
    code: 'storage-failed',
    message:
      "The list of owner/name's files could not be stored (the shelf is full). What is there is kept: delete another " +
      'model or an experiment, or make room on the disk, and load it again.',
  });
});

test('a file that there is not is named without asking; a model that there is not, and a gated one, are refused', async () => {
  const hub = world();
  await expect((await open(hub)).read('prompts.json')).rejects.toMatchObject({ code: 'model-file-missing' });
  expect(hub.asked).toHaveLength(1);
  hub.state.gated = true;
  await expect(open(hub)).rejects.toThrow('owner/name is gated');
  hub.state.there = false;
  await expect(open(hub)).rejects.toMatchObject({ code: 'download-stopped' });
  const nobody = openHubDirectory({
    hub: { origin: 'https://hub.test' },
    name: 'owner/other',
    revision: 'main',
    shelf: memoryShelf(),
    fetchFile: async () => new Response('', { status: 401 }),
    onTrouble: () => {},
  });
  await expect(nobody).rejects.toThrow('has no model owner/other at revision main');
});
