import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { smallPrint } from './provenance';
import { packRun, readRunFile } from './run-file';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};
const run = await simulatedRun(turn, [simulatedPoint('b8')], { axes: ['maxBatch'] });
const text = JSON.stringify(run);
const bytes = (content: string) => new TextEncoder().encode(content);
const read = (name: string, content: Uint8Array) => {
  const { buffer } = new Uint8Array(content);
  return readRunFile({ name, size: content.length, arrayBuffer: async () => buffer });
};
const UNITS = run.units.length;

/** The parsed file, whose parts are changed at will. */
type Loose = Record<string, unknown> & {
  points: Record<string, unknown>[];
  units: Record<string, unknown>[];
  axes: unknown[];
};

const changed = (change: (copy: Loose) => void) => {
  const copy: Loose = JSON.parse(text);
  change(copy);
  return bytes(JSON.stringify(copy));
};
const at = (place: unknown, ...names: (string | number)[]): Record<string, unknown> =>
  names.reduce((value, name) => Reflect.get(value as object, name), place) as Record<string, unknown>;
/** A file in which one value is another text of JSON, such as 1e999. */
const replaced = (change: (copy: Loose) => void, from: string, to: string) =>
  bytes(new TextDecoder().decode(changed(change)).replace(from, to));

test('a run comes back from its zip as it was, marked as imported, and from its JSON alone', async () => {
  const zip = packRun([
    { name: 'run.json', content: text },
    { name: 'p95_vs_batch.png', content: new Uint8Array([1, 2, 3]) },
  ]);
  const imported = { ...JSON.parse(text), imported: { doubts: [] } };
  expect(await read('export.zip', zip)).toEqual(imported);
  expect(await read('run.json', bytes(text))).toEqual(imported);
});

test('a zip whose files lie in a folder is read, too', async () => {
  const zip = zipSync({ 'lab/run.json': bytes(text), 'lab/other.txt': bytes('x') });
  expect((await read('lab.zip', zip)).id).toBe(run.id);
});

test('settings that this page has and the file has not get their default', async () => {
  const older = changed((copy) => {
    delete at(copy, 'points', 0, 'serving').agingMs;
  });
  expect((await read('run.json', older)).points[0]?.serving).toEqual(run.points[0]?.serving);
});

const manyFiles = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`${i}.txt`, new Uint8Array()]));

/** A zip whose directory says that its file has so many bytes. */
function claiming(size: number): Uint8Array {
  const zip = zipSync({ 'run.json': bytes('{}') });
  const directory = zip.findIndex((_, i) => zip[i] === 0x50 && zip[i + 1] === 0x4b && zip[i + 2] === 1);
  new DataView(zip.buffer).setUint32(directory + 24, size, true);
  return zip;
}

const WRONG: readonly (readonly [what: string, file: () => Uint8Array, says: RegExp])[] = [
  ['no JSON', () => bytes('{'), /^a\.json is not JSON/],
  ['another JSON', () => bytes('[]'), /^a\.json is no experiment that this page can read/],
  ['another version', () => changed((copy) => Object.assign(copy, { version: 2 })), /version: .*1.*2/],
  [
    'a figure that is none',
    () => changed((copy) => Object.assign(at(copy, 'units', 0, 'summary'), { throughput_rps: 'many' })),
    /units\.0\.summary\.throughput_rps: .*"many"/,
  ],
  [
    'a setting out of range',
    () => changed((copy) => Object.assign(at(copy, 'points', 0, 'serving'), { maxBatch: 1000 })),
    /points\.0\.serving: maxBatch \(--max-batch\) must be a whole number from 1 to 256; given: 1000/,
  ],
  ['an unknown axis', () => changed((copy) => copy.axes.push('colour')), /axes\.1: it must be one of policy/],
  [
    'an axis that every object has',
    () => changed((copy) => copy.axes.push('constructor')),
    /axes\.1: it must be one of policy/,
  ],
  [
    'a setting that every object has',
    () => changed((copy) => Object.assign(at(copy, 'points', 0, 'load'), { toString: 1 })),
    /points\.0\.load: There is no parameter "toString"; there are arrival/,
  ],
  [
    'an id that every object has',
    () => changed((copy) => Object.assign(copy, { id: 'constructor' })),
    /id: it must not be a name of Object\.prototype/,
  ],
  [
    'a unit of no point',
    () => changed((copy) => Object.assign(copy.units[0] ?? {}, { point: 'b9' })),
    /units\.0: "b9" is none of the points/,
  ],
  [
    'a unit twice',
    () => changed((copy) => copy.units.push(...copy.units.slice(0, 1))),
    new RegExp(`units\\.${UNITS}: b8, repeat 1 is there twice`),
  ],
  [
    'a histogram of 200,000 entries',
    () => changed((copy) => Object.assign(copy.units[0] ?? {}, { batch_fill: Array(200_000).fill(1) })),
    /units\.0\.batch_fill: .*<=257.*200000/,
  ],
  ['10⁹ repeats', () => changed((copy) => Object.assign(copy, { repeats: 1e9 })), /repeats: .*<=100/],
  [
    'a unit beyond the repeats',
    () => changed((copy) => Object.assign(copy, { repeats: 1 })),
    /units\.\d: repeat 2 of 1/,
  ],
  [
    'an infinity',
    () =>
      replaced(
        (copy) => Object.assign(at(copy, 'units', 0, 'summary'), { throughput_rps: 12_345 }),
        '12345',
        '1e999',
      ),
    /units\.0\.summary\.throughput_rps: .*Infinity/,
  ],
  [
    'a time that is none',
    () => changed((copy) => Object.assign(copy.units[0] ?? {}, { finished_at: 'soon' })),
    /units\.0\.finished_at: it must be a date and time/,
  ],
  [
    'neither requests nor a duration',
    () => changed((copy) => Object.assign(copy.points[0] ?? {}, { requests: null })),
    /points\.0: exactly one of requests and durationS must be set/,
  ],
  [
    'a name of a million letters',
    () => changed((copy) => Object.assign(copy, { name: 'x'.repeat(1_000_000) })),
    /^.{1,700}$/,
  ],
  ['a damaged zip', () => new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]), /^a\.json is no zip that can be read/],
  [
    'a zip without a run',
    () => zipSync({ 'notes.txt': bytes('x') }),
    /holds no run\.json; it holds notes\.txt/,
  ],
  [
    'a zip of several runs',
    () => zipSync({ 'a/run.json': bytes(text), 'b/run.json': bytes(text) }),
    /holds several runs, a\/run\.json and b\/run\.json; one is allowed/,
  ],
  ['a zip of very many files', () => zipSync(manyFiles), /holds more than 1000 files/],
  [
    'a small zip of a huge run',
    () => claiming(209_715_200),
    /run\.json in a\.json has 209715200 bytes; at most 134217728 can be read/,
  ],
];

test.each(WRONG)('%s is refused with its place and reason', async (_, file, says) => {
  await expect(read('a.json', file())).rejects.toThrow(says);
});

test('a file that is too large is refused before it is read', async () => {
  const arrayBuffer = async () => {
    throw new Error('It was read.');
  };
  await expect(readRunFile({ name: 'a.zip', size: 1e10, arrayBuffer })).rejects.toThrow(
    /a\.zip has 10000000000 bytes; at most 134217728 can be read/,
  );
});

test('every fault is named, up to five', async () => {
  const wrong = changed((copy) => {
    for (const name of ['ok', 'failed', 'rejected', 'expired', 'cancelled', 'requests']) {
      Object.assign(at(copy, 'units', 0, 'summary'), { [name]: -1 });
    }
  });
  await expect(read('a.json', wrong)).rejects.toThrow(/units\.0\.summary\.ok: .*; and 1 more\.$/);
});

test('a summary that its records contradict is kept with a mark, and the mark is in the small print', async () => {
  const better = changed((copy) => {
    const summary = at(copy, 'units', 0, 'summary');
    Object.assign(summary, { ok: 5000, latency_ms: { mean: 1, p50: 1, p95: 1, p99: 1 } });
  });
  const imported = await read('a.json', better);
  expect(imported.imported?.doubts).toEqual([
    'b8, repeat 1: the summary has 5000 under ok, its records 50',
    expect.stringMatching(/^b8, repeat 1: the summary has a p95 of 1 under latency_ms, its records \d+/),
  ]);
  expect(smallPrint(imported).join('\n')).toContain(
    'Imported from a file; 2 of its figures contradict its records',
  );
  expect(smallPrint(await read('a.json', bytes(text))).join('\n')).toMatch(/Imported from a file$/m);
});

test('reading a large file leaves the thread to others in between', async () => {
  const large = changed((copy) => {
    for (const unit of copy.units) {
      const records = unit.records as unknown[];
      unit.records = Array.from({ length: 2500 }, (_, i) => records[i % records.length]);
    }
  });
  let rests = 0;
  const { buffer } = new Uint8Array(large);
  const file = { name: 'a.json', size: large.length, arrayBuffer: async () => buffer };
  await readRunFile(file, async () => void rests++);
  expect(rests).toBe(UNITS);
});
