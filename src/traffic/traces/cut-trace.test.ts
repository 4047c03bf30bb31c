import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Trace } from '../../core/trace';
import { cutTrace } from './cut-trace';
import { fitLengths, fits } from './fit-lengths';
import { previewTrace } from './trace-preview';

const trace: Trace = {
  name: 't.csv',
  format: 'Vidur',
  unit: 's',
  unitReason: null,
  at: Float64Array.of(0, 500, 1000, 1000, 4000),
  promptTokens: Uint32Array.of(10, 20, 30, 40, 500),
  outputTokens: Uint32Array.of(1, 2, 3, 100, 5),
  failed: 0,
  unsorted: 0,
};

const whole = { traceFromS: 0, traceToS: 0, timeScale: 1, traceUnit: 'auto' as const };
const times = (changes: Partial<typeof whole>) => {
  const cut = cutTrace(trace, { ...whole, ...changes });
  return Array.from({ length: cut.length }, (_, index) => cut.timeOf(index));
};

test('whole, scaled, and from one second until before another, on its own clock', () => {
  expect(times({})).toEqual([0, 500, 1000, 1000, 4000]);
  expect(times({ timeScale: 0.1, traceUnit: 'auto' as const })).toEqual([0, 50, 100, 100, 400]);
  expect(times({ traceFromS: 1 })).toEqual([0, 0, 3000]);
  expect(times({ traceFromS: 0.25, traceToS: 4 })).toEqual([250, 750, 750]);
  expect(times({ traceFromS: 0.25, traceToS: 4, timeScale: 2, traceUnit: 'auto' as const })).toEqual([
    500, 1500, 1500,
  ]);
  expect(times({ traceFromS: 5 })).toEqual([]);
  const later = cutTrace(trace, { ...whole, traceFromS: 1 });
  expect([...later.promptTokens]).toEqual([30, 40, 500]);
  expect([...later.outputTokens]).toEqual([3, 100, 5]);
});

test('it would begin again at the end of its window, or a mean gap after its last request', () => {
  expect(cutTrace(trace, whole).durationMs).toBe(5000);
  expect(
    cutTrace(trace, { ...whole, traceFromS: 1, traceToS: 3, timeScale: 2, traceUnit: 'auto' as const })
      .durationMs,
  ).toBe(4000);
});

test('lengths are cut to the context, the longer half first, and a fitting pair not at all', () => {
  expect(fitLengths({ promptTokens: 100, outputTokens: 20 }, 128)).toEqual({
    promptTokens: 100,
    outputTokens: 20,
  });
  expect(fitLengths({ promptTokens: 4000, outputTokens: 20 }, 128)).toEqual({
    promptTokens: 108,
    outputTokens: 20,
  });
  expect(fitLengths({ promptTokens: 20, outputTokens: 4000 }, 128)).toEqual({
    promptTokens: 20,
    outputTokens: 108,
  });
  expect(fitLengths({ promptTokens: 4000, outputTokens: 4000 }, 128)).toEqual({
    promptTokens: 64,
    outputTokens: 64,
  });
  const length = fc.integer({ min: 1, max: 1_000_000 });
  fc.assert(
    fc.property(length, length, fc.integer({ min: 2, max: 8192 }), (promptTokens, outputTokens, context) => {
      const wanted = { promptTokens, outputTokens };
      const fitted = fitLengths(wanted, context);
      expect(fits(fitted, context)).toBe(true);
      expect(Math.min(fitted.promptTokens, fitted.outputTokens)).toBeGreaterThanOrEqual(1);
      if (fits(wanted, context)) expect(fitted).toEqual(wanted);
      else expect(fitted.promptTokens + fitted.outputTokens).toBe(context);
    }),
  );
});

test('the preview says what will be sent', () => {
  expect(previewTrace(trace, { ...whole, timeScale: 0.5, traceUnit: 'auto' as const }, 128)).toEqual({
    requests: 5,
    durationS: 2,
    meanRate: 2.5,
    promptTokens: { p50: 30, max: 500 },
    outputTokens: { p50: 3, max: 100 },
    clipped: 2,
  });
  expect(previewTrace(trace, { ...whole, traceFromS: 9 }, null)).toEqual({
    requests: 0,
    durationS: 0,
    meanRate: null,
    promptTokens: null,
    outputTokens: null,
    clipped: null,
  });
});
