import { expect, test } from 'vitest';
import { DEFAULT_LOAD_CONFIG } from '../core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { buildGrid, type GridForm } from './grid-builder';

const FORM: GridForm = {
  name: '  Mine ',
  axes: [
    { parameter: 'maxBatch', values: '1, 2 4' },
    { parameter: 'policy', values: 'static,continuous' },
  ],
  repeats: '2',
  requests: '60',
  base: { ...DEFAULT_SERVING_CONFIG, ...DEFAULT_LOAD_CONFIG, concurrency: 12, seed: 9 },
  slo: { p95Ms: 300, ttftMs: null },
  seed: 5,
};

test('a form is the experiment of every combination, over what the page has set', () => {
  const { experiment, faults } = buildGrid(FORM);
  expect(faults).toBeNull();
  expect(experiment).toMatchObject({ title: 'Mine', seed: 5, repeats: 2, axes: ['maxBatch', 'policy'] });
  expect(experiment?.points.map(({ label }) => label)).toEqual(
    [1, 2, 4].flatMap((n) => ['static', 'continuous'].map((policy) => `max batch ${n}, ${policy}`)),
  );
  for (const { load, requests, slo } of experiment?.points ?? []) {
    expect([load.concurrency, requests, slo.p95Ms]).toEqual([12, 60, 300]);
  }
});

test('what is wrong is said at its field', () => {
  const { experiment, faults } = buildGrid({
    ...FORM,
    axes: [
      { parameter: 'maxBatch', values: '1, 999' },
      { parameter: 'rate', values: '' },
    ],
    repeats: 'often',
    requests: '0',
  });
  expect(experiment).toBeNull();
  expect(faults).toEqual({
    maxBatch: 'maxBatch (--max-batch) must be a whole number from 1 to 256; given: 999.',
    rate: 'rate (--rate) needs at least one value; given: "".',
    repeats: 'repeats (--repeats) must be a whole number from 1 to 100; given: "often".',
    requests: expect.stringContaining('requests (--requests) must be a whole number from 1'),
  });
});

test('what is wrong with the whole is said there: values twice, no axis, too many points, a contradiction', () => {
  const faultsOf = (changes: Partial<GridForm>) => buildGrid({ ...FORM, ...changes }).faults;
  expect(faultsOf({ axes: [{ parameter: 'maxBatch', values: '4 4' }] })).toEqual({
    maxBatch: 'maxBatch (--max-batch) has the value 4 twice; given: "4 4".',
  });
  expect(faultsOf({ axes: [] })?.grid).toContain('from 1 to 500 points');
  const many = Array.from({ length: 501 }, (_, i) => i + 1).join(' ');
  expect(faultsOf({ axes: [{ parameter: 'concurrency', values: many }] })?.grid).toContain('they make 501');
  expect(
    faultsOf({
      base: { ...FORM.base, policy: 'continuous', sequences: 4 },
      axes: [{ parameter: 'maxBatch', values: '2' }],
    })?.grid,
  ).toContain('sequences (--sequences) must be at most');
});
