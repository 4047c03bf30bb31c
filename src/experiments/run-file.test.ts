import { zipSync } from 'fflate';
import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { packRun, readRunFile } from './run-file';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};
const run = await simulatedRun(turn, [simulatedPoint('b8')], { axes: ['maxBatch'] });
const text = JSON.stringify(run);
const bytes = (content: string) => new TextEncoder().encode(content);

/** Of the file, what is broken here. */
interface Loose {
  readonly points: [{ readonly serving: Record<string, unknown> }];
  readonly units: [{ readonly summary: Record<string, unknown> }];
  readonly axes: string[];
}

const changed = (change: (copy: Loose) => void) => {
  const copy: Loose = JSON.parse(text);
  change(copy);
  return bytes(JSON.stringify(copy));
};

test('a run comes back from its zip as it was, and from its JSON alone', () => {
  const zip = packRun([
    { name: 'run.json', content: text },
    { name: 'p95_vs_batch.png', content: new Uint8Array([1, 2, 3]) },
  ]);
  expect(readRunFile('export.zip', zip)).toEqual(JSON.parse(text));
  expect(readRunFile('run.json', bytes(text))).toEqual(JSON.parse(text));
});

test('a zip whose files lie in a folder is read, too', () => {
  const zip = zipSync({ 'lab/run.json': bytes(text), 'lab/other.txt': bytes('x') });
  expect(readRunFile('lab.zip', zip).id).toBe(run.id);
});

test('settings that this page has and the file has not get their default', () => {
  const older = changed((copy) => {
    delete copy.points[0].serving.agingMs;
  });
  expect(readRunFile('run.json', older).points[0]?.serving).toEqual(run.points[0]?.serving);
});

const WRONG: readonly (readonly [what: string, file: Uint8Array, says: RegExp])[] = [
  ['no JSON', bytes('{'), /^a\.json is not JSON/],
  ['another JSON', bytes('[]'), /^a\.json is no experiment that this page can read/],
  ['another version', changed((copy) => Object.assign(copy, { version: 2 })), /version: .*1.*2/],
  [
    'a figure that is none',
    changed((copy) => Object.assign(copy.units[0].summary, { throughput_rps: 'many' })),
    /units\.0\.summary\.throughput_rps: .*"many"/,
  ],
  [
    'a setting out of range',
    changed((copy) => Object.assign(copy.points[0].serving, { maxBatch: 1000 })),
    /points\.0\.serving: maxBatch \(--max-batch\) must be a whole number from 1 to 64; given: 1000/,
  ],
  ['an unknown axis', changed((copy) => copy.axes.push('colour')), /axes\.1: it must be one of policy/],
  [
    'a unit of no point',
    changed((copy) => Object.assign(copy.units[0], { point: 'b9' })),
    /units: each must name one of the points/,
  ],
  ['a damaged zip', new Uint8Array([0x50, 0x4b, 3, 4, 9, 9]), /^a\.json is no zip that can be read/],
  ['a zip without a run', zipSync({ 'notes.txt': bytes('x') }), /holds no run\.json; it holds notes\.txt/],
];

test.each(WRONG)('%s is refused with its place and reason', (_, file, says) => {
  expect(() => readRunFile('a.json', file)).toThrow(says);
});

test('every fault is named, up to five', () => {
  const wrong = changed((copy) => {
    for (const name of ['ok', 'failed', 'rejected', 'expired', 'cancelled', 'requests']) {
      Object.assign(copy.units[0].summary, { [name]: -1 });
    }
  });
  expect(() => readRunFile('a.json', wrong)).toThrow(/units\.0\.summary\.ok: .*; and 1 more\.$/);
});
