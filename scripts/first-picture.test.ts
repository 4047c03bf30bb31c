import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pastLabel } from '../src/store/past-picture';
import { readPast } from '../src/store/read-past';
import { simulatePicture } from './simulate-picture';

const shipped = () => readFileSync(new URL('../public/first-picture.json', import.meta.url), 'utf8');

test('the picture of a first visit is still what the simulator says (else: npm run first-picture)', async () => {
  expect(shipped()).toBe(await simulatePicture());
});

test('it can be read, says that it is simulated, and shows a curve', () => {
  const past = readPast(shipped());
  expect(past?.adapter.kind).toBe('simulated');
  expect(past && pastLabel(past)).toMatch(/^Simulated, not measured/);
  const throughputs = past?.picture.finished.map(({ point }) => point.throughputRps) ?? [];
  expect(throughputs).toHaveLength(5);
  expect(throughputs).toEqual(throughputs.toSorted((a, b) => a - b));
  expect(past?.picture.present?.settled).toBe(true);
  expect(shipped().length).toBeLessThan(20_000);
});
