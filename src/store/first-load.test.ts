import { expect, test } from 'vitest';
import { fittedLoad, isUnchosen, timeSteps, withFitted } from './first-load';
import { START_SETTINGS } from './settings';

test('a few steps are timed with all slots in use, after one that is not counted', async () => {
  let at = 0;
  const asked: number[][] = [];
  const steps = await timeSteps(
    START_SETTINGS,
    async (prompts) => {
      const [first] = prompts;
      const tokens = first?.max_new_tokens ?? 0;
      asked.push([prompts.length, tokens]);
      // The first pass compiles.
      at += asked.length === 1 ? 5000 : 40 * (tokens + 1);
      return prompts.map(({ id }) => ({
        id,
        prompt_tokens: 5,
        chat_template: null,
        tokens: Array.from({ length: tokens }, () => 1),
        text: '',
        finish_reason: 'length' as const,
      }));
    },
    () => at,
  );
  expect(asked).toEqual([
    [8, 1],
    [8, 6],
  ]);
  expect(steps).toEqual({ rows: 8, stepMs: 40 });
});

test('the load is about half of what the model holds, with lengths that suit its pace', () => {
  const quick = fittedLoad({ rows: 8, stepMs: 8 }, 'mini-gpt');
  expect(quick).toEqual({ arrival: 'poisson', rate: 33, outputTokens: 'eos' });
  // A model of 135 million parameters on WebAssembly: a step of all slots takes most of a second.
  const slow = fittedLoad({ rows: 8, stepMs: 700 }, 'models/smollm2/');
  expect(slow).toEqual({ arrival: 'poisson', rate: 1, outputTokens: 4 });
  expect(fittedLoad({ rows: 8, stepMs: 10 }, 'synthetic:tinystories-15m').outputTokens).toBe(32);
  expect(fittedLoad({ rows: 1, stepMs: 9000 }, 'models/large/').rate).toBe(0.1);
});

test('only a load that was not chosen is fitted, and it is fitted to the next model again', () => {
  const { load } = START_SETTINGS;
  const fitted = withFitted({ rate: 33 }, load.seed);
  expect(isUnchosen(load, null)).toBe(true);
  expect(isUnchosen({ ...load, rate: 20 }, null)).toBe(false);
  expect(isUnchosen(fitted, fitted)).toBe(true);
});
