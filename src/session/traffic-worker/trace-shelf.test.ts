import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG } from '../../core/load-config';
import { systemClock } from '../../core/system-clock';
import { TraceShelf } from './trace-shelf';

const HEADER = 'arrived_at,num_prefill_tokens,num_decode_tokens\n';
const load = { ...DEFAULT_LOAD_CONFIG, arrival: 'trace' as const };

test('reads a trace from text, bytes or a blob, with the hash of its bytes', async () => {
  const text = `${HEADER}0,1,2\n3,4,5\n`;
  const bytes = new TextEncoder().encode(text);
  const shelf = new TraceShelf(systemClock);
  for (const content of [text, bytes, new Blob([bytes])]) {
    expect(await shelf.read({ name: 'a.csv', content })).toEqual({
      name: 'a.csv',
      sha256: createHash('sha256').update(bytes).digest('hex'),
      format: 'Vidur',
      requests: 2,
      durationS: 3,
      failed: 0,
      unit: 's',
      unsorted: 0,
    });
  }
  expect(shelf.preview(load, 8)).toMatchObject({ requests: 2, clipped: 1 });
});

test('reads a long one in many turns, characters of several bytes across their borders', async () => {
  const long = HEADER.replace('\n', ',ünused\n') + '1,2,3,ü€\n'.repeat(100_000);
  let turns = 0;
  const clock = {
    ...systemClock,
    sleep: () => {
      turns += 1;
      return Promise.resolve();
    },
  };
  const info = await new TraceShelf(clock).read({ name: 'long.csv', content: long });
  expect(info.requests).toBe(100_000);
  expect(turns).toBeGreaterThan(10);
});

test('a wrong file leaves the one before; of two at once the later is kept', async () => {
  const shelf = new TraceShelf(systemClock);
  await shelf.read({ name: 'good.csv', content: `${HEADER}0,1,2\n` });
  await expect(shelf.read({ name: 'bad.csv', content: `${HEADER}0,1,x\n` })).rejects.toMatchObject({
    code: 'invalid-trace',
    message: expect.stringContaining('bad.csv, line 2: num_decode_tokens'),
  });
  expect(shelf.trace?.name).toBe('good.csv');
  const long = { name: 'long.csv', content: HEADER + '1,2,3\n'.repeat(50_000) };
  await Promise.all([shelf.read(long), shelf.read({ name: 'short.csv', content: `${HEADER}0,1,2\n` })]);
  expect(shelf.trace?.name).toBe('short.csv');
});

test('what a measured run cannot play is refused', async () => {
  const shelf = new TraceShelf(systemClock);
  expect(shelf.played(DEFAULT_LOAD_CONFIG)).toBeNull();
  expect(() => shelf.played(load)).toThrow('No trace is loaded');
  await shelf.read({ name: 'a.csv', content: `${HEADER}0,1,2\n5,1,2\n` });
  expect(shelf.played(load)?.info.name).toBe('a.csv');
  expect(() => shelf.played({ ...load, traceFromS: 6 })).toThrow(
    /--trace-from-s.*a\.csv.*2 in 5 s; given: 6 and 0/,
  );
});
