import { expect, test } from 'vitest';
import { fnv1a, mixed, sha256 } from './hash';

test('FNV-1a gives the published values', () => {
  expect(fnv1a('') >>> 0).toBe(0x811c9dc5);
  expect(fnv1a('a') >>> 0).toBe(0xe40c292c);
  expect(fnv1a('foobar') >>> 0).toBe(0xbf9cf968);
  expect(fnv1a('a', 1)).not.toBe(fnv1a('a'));
});

test('the finisher parts near values and keeps 0', () => {
  expect(mixed(0)).toBe(0);
  const differing = (mixed(1) ^ mixed(2)).toString(2).replaceAll(/[^1]/g, '').length;
  expect(differing).toBeGreaterThan(6);
});

test('SHA-256 gives the published value', async () => {
  expect(await sha256(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});
