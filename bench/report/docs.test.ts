import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withBenchmark } from './docs';

const document = readFileSync(new URL('../../docs/benchmark.md', import.meta.url), 'utf8');

test('the document has a place for the table, and only that changes', () => {
  const once = withBenchmark(document, 'first\n');
  const twice = withBenchmark(once, 'second\n');
  expect(once).toContain('\n\nfirst\n\n');
  expect(twice).not.toContain('first\n\n<!--');
  expect(twice).toBe(withBenchmark(document, 'second'));
});

test('a document without the place is refused', () => {
  expect(() => withBenchmark('# Benchmark', 'x')).toThrow('has no lines');
});
