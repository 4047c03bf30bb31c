import { describe, expect, it } from 'vitest';
import { mergeSamples } from './reducers';
import { fullLabel, labelParts, shortLabels } from './setting-label';
import { changesBetween, type Settings, START_SETTINGS } from './settings';

const withServing = (serving: Partial<Settings['serving']>): Settings => ({
  ...START_SETTINGS,
  serving: { ...START_SETTINGS.serving, ...serving },
});
const partsOf = (serving: Partial<Settings['serving']>) => labelParts(withServing(serving), 'wasm');

describe('labels of settings', () => {
  it('name what shapes the operating point, and leave out what has no effect', () => {
    expect(fullLabel(partsOf({ policy: 'static', maxBatch: 16, maxWaitMs: 50 }))).toBe(
      'static · batch 16 · wait 50 ms · 5 req/s',
    );
    expect(fullLabel(partsOf({ policy: 'sequential' }))).toBe('sequential · 5 req/s');
    const load = { ...START_SETTINGS.load, temperature: 0.8, topK: 40, topP: 0.9 };
    const sampled = labelParts({ ...withServing({ policy: 'sequential' }), load }, 'wasm');
    expect(fullLabel(sampled)).toBe('sequential · 5 req/s · temperature 0.8, top 40, p 0.9');
  });

  it('say how requests arrive', () => {
    const label = (load: Partial<Settings['load']>) =>
      labelParts({ ...START_SETTINGS, load: { ...START_SETTINGS.load, ...load } }, 'wasm')[3];
    expect(label({ arrival: 'closed', concurrency: 8 })).toBe('8 clients');
    expect(label({ arrival: 'closed', concurrency: 8, thinkTimeMs: 500 })).toBe('8 clients, thinking 500 ms');
    expect(label({ arrival: 'constant' })).toBe('5 req/s evenly');
    expect(label({ arrival: 'poisson', burstiness: 0.5 })).toBe('5 req/s');
    expect(label({ arrival: 'gamma', burstiness: 0.5 })).toBe('5 req/s, burstiness 0.5');
    expect(label({ arrival: 'ramp' })).toBe('ramp to 5 req/s from 0 in 30 s');
    expect(label({ arrival: 'spike' })).toBe('5 req/s, ×5 for 5 s once after 10 s');
    expect(label({ arrival: 'spike', spikeEveryS: 20 })).toBe('5 req/s, ×5 for 5 s every 20 s after 10 s');
    expect(label({ arrival: 'trace', timeScale: 0.1 })).toBe('trace ×0.1');
    expect(label({ arrival: 'trace', traceFromS: 60 })).toBe('trace ×1 from 60 to the end');
  });

  it('are the same for settings that differ in nothing that has an effect', () => {
    expect(partsOf({ policy: 'sequential', maxBatch: 4 })).toEqual(
      partsOf({ policy: 'sequential', maxBatch: 8 }),
    );
  });

  it('in one chart say only what tells them apart', () => {
    const all = [4, 8].map((maxBatch) => partsOf({ policy: 'static', maxBatch }));
    expect(shortLabels(all)).toEqual(['batch 4', 'batch 8']);
    expect(shortLabels([all[0] ?? []])).toEqual(['']);
  });
});

describe('changesBetween', () => {
  it('says what changed', () => {
    expect(changesBetween(START_SETTINGS, withServing({ maxBatch: 32 }))).toEqual([
      { name: 'Max batch', from: '8', to: '32' },
    ]);
    expect(changesBetween(START_SETTINGS, { ...START_SETTINGS })).toEqual([]);
  });
});

describe('mergeSamples', () => {
  const sample = (id: number, text = '') => ({
    id,
    at: id,
    prompt: 'He go',
    text,
    outcome: 'running' as const,
    outputTokens: 0,
    latencyMs: null,
    ttftMs: null,
    own: false,
  });

  it('puts new ones first and changes known ones in their place', () => {
    const first = mergeSamples([], [sample(1), sample(2)]);
    const then = mergeSamples(first, [sample(1, 'He goes'), sample(3)]);
    expect(then.map(({ id, text }) => [id, text])).toEqual([
      [3, ''],
      [2, ''],
      [1, 'He goes'],
    ]);
  });
});
