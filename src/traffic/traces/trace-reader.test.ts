import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HeadwayError } from '../../core/errors';
import { DEFAULT_LOAD_CONFIG } from '../../core/load-config';
import type { Trace } from '../../core/trace';

import { cutTrace } from './cut-trace';
import { sayTrace } from './trace-preview';
import { TraceReader, traceInfo } from './trace-reader';

function read(text: string, pieces: readonly number[] = []): Trace {
  const reader = new TraceReader('trace.csv');
  let from = 0;
  for (const length of pieces) {
    reader.push(text.slice(from, from + length));
    from += length;
  }
  reader.push(text.slice(from));
  return reader.end();
}

const rows = ({ at, promptTokens, outputTokens }: Trace) =>
  Array.from(at, (ms, row) => [ms, promptTokens[row], outputTokens[row]]);

function refusal(text: string): string {
  try {
    read(text);
  } catch (error) {
    if (error instanceof HeadwayError && error.code === 'invalid-trace') return error.message;
    throw error;
  }
  throw new Error(`"${text}" was read.`);
}

const AZURE_2023 =
  'TIMESTAMP,ContextTokens,GeneratedTokens\r\n' +
  '2023-11-16 18:17:03.9799600,4808,10\r\n' +
  '2023-11-16 18:17:04.0319601,3180,8\r\n' +
  '2023-11-16 19:00:00.0000000,110,27';

const AZURE_2024 =
  'TIMESTAMP,ContextTokens,GeneratedTokens\n' +
  '2024-05-10 00:00:00.009930+00:00,2162,5\n' +
  '2024-05-10 02:00:00.017335+02:00,2399,6\n';

const BURSTGPT =
  'Timestamp,Session ID,Elapsed time,Model,Request tokens,Response tokens,Total tokens,Log Type\n' +
  '5270400.5,11,2.5,ChatGPT,472,18,490,Conversation log\n' +
  '5270445,12,0.1,GPT-4,1087,0,1087,Conversation log\n' +
  '5270518.0000001,,,"ChatGPT, again",417,276,693,API log\n';

const MOONCAKE =
  '{"timestamp": 27482, "input_length": 6955, "output_length": 52, "hash_ids": [46, 47]}\n' +
  '{"timestamp": 30535, "input_length": 6472, "output_length": 26, "hash_ids": []}\n';

const VIDUR = 'arrived_at,num_prefill_tokens,num_decode_tokens\n0.0,12,4\n2.5e-05,7,9\n0.5,1024,1\n';

describe('the formats', () => {
  test('Azure 2023: seven digits, CRLF, no end of the last line', () => {
    const trace = read(AZURE_2023);
    expect(trace).toMatchObject({ name: 'trace.csv', format: 'Azure LLM inference', failed: 0, unsorted: 0 });
    // 18:17:03.9799600 to .0319601 is 520,001 ticks of 100 ns, to 19:00 it is 2576.02004 s.
    expect(rows(trace)).toEqual([
      [0, 4808, 10],
      [52.0001, 3180, 8],
      [2_576_020.04, 110, 27],
    ]);
  });

  test('Azure 2024: six digits and an offset', () => {
    expect(rows(read(AZURE_2024))).toEqual([
      [0, 2162, 5],
      [7.405, 2399, 6],
    ]);
  });

  test('BurstGPT: seconds far from 0, quotes, and failed requests counted', () => {
    const trace = read(BURSTGPT);
    expect(trace).toMatchObject({ format: 'BurstGPT', failed: 1, unsorted: 0 });
    expect(rows(trace)).toEqual([
      [0, 472, 18],
      [117_500.0001, 417, 276],
    ]);
    const short =
      'Timestamp,Model,Request tokens,Response tokens,Total tokens,Log Type\n5,GPT-4,3,4,7,API log\n';
    expect(rows(read(short))).toEqual([[0, 3, 4]]);
  });

  test('Mooncake: milliseconds in JSON lines', () => {
    const trace = read(MOONCAKE);
    expect(trace.format).toBe('Mooncake');
    expect(rows(trace)).toEqual([
      [0, 6955, 52],
      [3053, 6472, 26],
    ]);
  });

  test('Vidur: seconds, as programs write them', () => {
    const trace = read(VIDUR);
    expect(trace.format).toBe('Vidur');
    expect(rows(trace)).toEqual([
      [0, 12, 4],
      [0.025, 7, 9],
      [500, 1024, 1],
    ]);
  });

  test('columns are found by name, in any order, over a byte order mark and empty lines', () => {
    const moved = '\uFEFF\n\nGeneratedTokens,extra,TIMESTAMP,ContextTokens\n4,x,2024-01-01T00:00:00Z,9\n\n';
    expect(rows(read(moved))).toEqual([[0, 9, 4]]);
  });
});

describe('the unit of times', () => {
  const mooncake = (times: readonly (number | string)[]) =>
    times.map((at) => `{"timestamp": ${at}, "input_length": 12, "output_length": 4}`).join('\n');
  const playedAt = (trace: Trace, traceUnit: 'auto' | 's' | 'ms') => {
    const cut = cutTrace(trace, { ...DEFAULT_LOAD_CONFIG, traceUnit });
    return Array.from({ length: cut.length }, (_, index) => cut.timeOf(index));
  };

  test('seconds are recognised by their fractions, and by a rate that no service has', () => {
    const fractions = read(mooncake(['0.0', 0.5, '1.0', 1.5]));
    expect(fractions).toMatchObject({ unit: 's', unitReason: 'seconds, since they have fractions' });
    expect(playedAt(fractions, 'auto')).toEqual([0, 500, 1000, 1500]);
    const crowded = read(mooncake(Array.from({ length: 40 }, (_, i) => Math.floor(i / 20))));
    expect(crowded.unit).toBe('s');
    expect(crowded.unitReason).toContain('40000 requests/s');
    expect(read(mooncake([0, 30, 60]))).toMatchObject({ unit: 'ms', unitReason: null });
  });

  test('a unit that is asked for holds, in the reader and after it', () => {
    const trace = read(mooncake([0, 30, 60]));
    expect(playedAt(trace, 's')).toEqual([0, 30_000, 60_000]);
    expect(playedAt(trace, 'ms')).toEqual([0, 30, 60]);
    const reader = new TraceReader('trace.csv', { toS: 0, most: null, unit: 'ms' });
    reader.push(VIDUR);
    expect(playedAt(reader.end(), 'ms')).toEqual([0, 0.000025, 0.5].map((ms) => expect.closeTo(ms, 6)));
  });

  test('what is played is said with its unit, span and rate', () => {
    expect(sayTrace(read(mooncake(['0.0', 0.5, '1.0', 1.5])), DEFAULT_LOAD_CONFIG)).toBe(
      'trace.csv (Mooncake; times: seconds, since they have fractions): plays 4 requests in 1.5 s, 2.67 requests/s.',
    );
    expect(sayTrace(read(AZURE_2024), { ...DEFAULT_LOAD_CONFIG, traceToS: 0.001 })).toBe(
      'trace.csv (Azure LLM inference; times: dates): plays 1 of 2 requests in 0 s.',
    );
  });
});

describe('a part of a trace', () => {
  const row = fc.tuple(fc.nat(5000), fc.integer({ min: 1, max: 99 }));
  const textOf = (all: readonly (readonly [number, number])[]) =>
    ['arrived_at,num_prefill_tokens,num_decode_tokens', ...all.map(([at, n]) => `${at / 8},${n},4`)].join(
      '\n',
    );

  test('is what the whole trace would play, with what is recorded of the whole', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 50 }),
        fc.nat(600),
        (all, most, toS) => {
          const text = textOf(all);
          const whole = read(text);
          const reader = new TraceReader('trace.csv', { toS, most, unit: 'auto' });
          reader.push(text);
          const part = reader.end();
          const config = { ...DEFAULT_LOAD_CONFIG, traceToS: toS };
          const first = (trace: Trace) => {
            const cut = cutTrace(trace, config);
            return Array.from({ length: Math.min(most, cut.length) }, (_, i) => [
              cut.timeOf(i),
              cut.promptTokens[i],
            ]);
          };
          expect(first(part)).toEqual(first(whole));
          expect(traceInfo(part, 'ab')).toEqual(traceInfo(whole, 'ab'));
        },
      ),
    );
  });

  test('is all that is held of a large file', () => {
    const reader = new TraceReader('large.csv', { toS: 0, most: 10, unit: 'auto' });
    reader.push('arrived_at,num_prefill_tokens,num_decode_tokens\n');
    const lines = 250_000;
    for (let i = 0; i < lines; i += 10_000) {
      reader.push(Array.from({ length: 10_000 }, (_, j) => `${i + j},5,5\n`).join(''));
    }
    const trace = reader.end();
    expect(trace.at).toHaveLength(10);
    expect(traceInfo(trace, 'ab')).toMatchObject({ requests: lines, durationS: lines - 1 });
  });
});

test('hexadecimal counts and times are refused', () => {
  const header = 'arrived_at,num_prefill_tokens,num_decode_tokens\n';
  expect(refusal(`${header}0,0x10,4\n`)).toContain(
    'num_prefill_tokens must be a whole number from 0 to 1000000000; given: "0x10"',
  );
  expect(refusal(`${header}0x1,10,4\n`)).toContain('arrived_at must be a number of seconds; given: "0x1"');
});

test('times out of order are put in order, and counted; equal ones stay as they were', () => {
  const trace = read('arrived_at,num_prefill_tokens,num_decode_tokens\n9,1,1\n3,2,2\n9,3,3\n7,4,4\n');
  expect(trace.unsorted).toBe(2);
  expect(rows(trace)).toEqual([
    [0, 2, 2],
    [4000, 4, 4],
    [6000, 1, 1],
    [6000, 3, 3],
  ]);
});

test('in whatever pieces it comes, it is the same', () => {
  for (const text of [AZURE_2023, AZURE_2024, BURSTGPT, MOONCAKE, VIDUR]) {
    const whole = read(text);
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 20 }), (pieces) => {
        expect(read(text, pieces)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  }
});

test('times since 1970 keep all seven digits', () => {
  const second = fc.integer({ min: 0, max: 59 });
  fc.assert(
    fc.property(
      second,
      second,
      fc.integer({ min: 0, max: 9_999_999 }),
      fc.nat(9_999_999),
      (a, b, ticksA, ticksB) => {
        const line = (s: number, ticks: number) =>
          `2026-07-09 23:59:${String(s).padStart(2, '0')}.${String(ticks).padStart(7, '0')},1,1`;
        const text = ['TIMESTAMP,ContextTokens,GeneratedTokens', line(a, ticksA), line(b, ticksB)].join('\n');
        expect(read(text).at[1]).toBe(Math.abs((b - a) * 10_000_000 + ticksB - ticksA) / 10_000);
      },
    ),
  );
});

describe('a wrong file', () => {
  const azure = 'TIMESTAMP,ContextTokens,GeneratedTokens\n2023-11-16 18:17:03,1,2\n';
  const vidur = 'arrived_at,num_prefill_tokens,num_decode_tokens\n0,1,2\n\n';
  test.each([
    ['', 'trace.csv: it is empty; a trace has one of these headers'],
    ['a,b\n1,2\n', 'line 1: these are the columns of no known trace: a,b; a trace has one of'],
    ['TIMESTAMP,ContextTokens\n', 'line 1: these are the columns of no known trace'],
    ['{"timestamp":1}\n', 'line 1: these are the columns of no known trace: timestamp'],
    ['arrived_at,num_prefill_tokens,num_decode_tokens\n', 'trace.csv: it has a header and no request'],
    [`${azure}16.11.2023,1,2`, 'line 3: TIMESTAMP must be a date and time such as'],
    [`${azure}2023-02-30 18:17:03,1,2`, 'line 3: TIMESTAMP must be a date and time'],
    [`${azure}2023-11-16 24:17:03,1,2`, 'given: "2023-11-16 24:17:03"'],
    [`${azure}2023-11-16 18:17:04,1`, 'line 3: it has 2 columns; the header has 3'],
    [`${vidur}soon,1,2`, 'line 4: arrived_at must be a number of seconds; given: "soon"'],
    [`${vidur}1,-3,2`, 'line 4: num_prefill_tokens must be a whole number from 0'],
    [
      `${vidur}1,3,2.5`,
      'line 4: num_decode_tokens must be a whole number from 0 to 1000000000; given: "2.5"',
    ],
    [`${vidur}1,3,`, 'line 4: num_decode_tokens must be a whole number'],
    [`${vidur.replace('0,1,2', '0,1,0')}`, 'trace.csv: none of its 1 requests both reads and writes a token'],
    [`${MOONCAKE}{"timestamp":`, 'line 3: this is not JSON'],
    [`${MOONCAKE}[1,2]`, 'line 3: this is not a JSON object'],
    [`${MOONCAKE}{"timestamp":1,"input_length":2}`, 'line 3: output_length is missing'],
    [`${MOONCAKE}{"timestamp":1,"input_length":2,"output_length":null}`, 'line 3: output_length is null'],
  ])('%j is refused with its line and the reason', (text, says) => {
    expect(refusal(text)).toContain(says);
  });
});

test('a hundred thousand requests are read in a moment', () => {
  const lines = Array.from({ length: 100_000 }, (_, row) => {
    const time = new Date(Date.UTC(2024, 4, 10, 0, 0, row)).toISOString().slice(0, 19);
    return `${time}.0000007,${1 + (row % 4000)},${1 + (row % 500)}`;
  });
  const started = performance.now();
  const trace = read(`TIMESTAMP,ContextTokens,GeneratedTokens\n${lines.join('\n')}`);
  expect(trace.at).toHaveLength(100_000);
  expect(trace.at[99_999]).toBe(99_999_000);
  // It takes about a tenth of this here.
  expect(performance.now() - started).toBeLessThan(5000);
});
