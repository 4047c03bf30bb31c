import { expect, test } from 'vitest';
import { parse } from './parse';
import { PREDICT_OPTIONS, predictAsked } from './predict-options';
import { UsageError } from './usage-error';

const read = (line: string) => predictAsked(parse(PREDICT_OPTIONS, line.split(' ').filter(Boolean)), null);

function refusal(line: string): string {
  try {
    read(line);
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error(`"${line}" was accepted.`);
}

test('lists make a grid, in which cells that mean the same are one', () => {
  const { cells, axes } = read('--policy sequential,static,continuous --max-batch 1,8 --rate 20,40');
  expect(axes).toEqual(['policy', 'maxBatch', 'rate']);
  // sequential ignores the batch: 2 cells; the others have 4 each.
  expect(cells).toHaveLength(10);
  expect(cells.every(({ load }) => load.arrival === 'poisson')).toBe(true);
});

test('one cell with the defaults of bench, for one engine, after five seconds of calibration', () => {
  const { cells, fleet, calibration, calibrateS, verify } = read('');
  expect(cells).toHaveLength(1);
  expect(cells[0]).toMatchObject({ requests: 500, repeats: 3, load: { arrival: 'closed' } });
  expect({ fleet, calibration, calibrateS, verify }).toEqual({
    fleet: { replicas: 1, router: 'least-outstanding' },
    calibration: null,
    calibrateS: 5,
    verify: false,
  });
});

test('what contradicts itself is refused by name', () => {
  expect(refusal('--rate 40 --arrival closed')).toMatch(/rate \(--rate\) 40/);
  expect(refusal('--replicas 3 --verify')).toMatch(/--verify measures one engine; given: --replicas 3/);
  expect(refusal('--router best')).toMatch(/one of central, round-robin, least-outstanding, power-of-two/);
  expect(refusal('--calibration /nowhere.json')).toMatch(/--calibration must be a JSON file/);
  expect(refusal('--calibration package.json')).toMatch(/"package.json" is not a calibration/);
});
