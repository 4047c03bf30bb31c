import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DTYPES } from '../onnx/decoder-shape';
import { PRESETS } from './presets';
import { formatSynthetic, isSynthetic, parseSynthetic } from './spec';

describe('a synthetic model’s name', () => {
  it('is a preset, with its sizes', () => {
    const { shape, dtype, seed } = parseSynthetic('synthetic:smollm2-135m');
    expect(shape).toMatchObject({ layers: 30, hidden: 576, heads: 9, kvHeads: 3, headDim: 64, context: 512 });
    expect({ dtype, seed }).toEqual({ dtype: 'f32', seed: 1 });
  });

  it('lays what is given over the preset', () => {
    const { shape, dtype, seed } = parseSynthetic(
      'synthetic:gpt2-124m,layers=2,context=1024,dtype=f16,seed=3',
    );
    expect(shape).toMatchObject({ layers: 2, hidden: 768, context: 1024 });
    expect({ dtype, seed }).toEqual({ dtype: 'f16', seed: 3 });
  });

  it('completes sizes that stand alone', () => {
    const { shape, preset } = parseSynthetic('synthetic:layers=4,hidden=256,heads=8');
    expect(preset).toBeNull();
    expect(shape).toMatchObject({
      kvHeads: 8,
      headDim: 32,
      feedForward: 704,
      vocabulary: 4096,
      context: 512,
    });
  });

  it.each([
    ['synthetic:', 'must begin with one of tinystories-15m, tinystories-42m, gpt2-124m'],
    ['synthetic:gpt5', 'given: "gpt5".'],
    ['synthetic:gpt2-124m,depth=3', 'with a KEY of layers, hidden, heads, kv-heads'],
    ['synthetic:gpt2-124m,layers', 'given: "layers".'],
    ['synthetic:gpt2-124m,seed=1,seed=2', 'seed is given twice.'],
    ['synthetic:gpt2-124m,layers=0', 'layers must be a whole number from 1 to 256; given: "0".'],
    ['synthetic:gpt2-124m,context=1e3', 'context must be a whole number from 8 to 131072; given: "1e3".'],
    ['synthetic:gpt2-124m,dtype=int8', 'dtype must be one of f32, f16, q4; given: "int8".'],
    ['synthetic:layers=2,hidden=64', 'without a preset, layers, hidden and heads must be given.'],
    ['synthetic:layers=2,hidden=65,heads=2', 'hidden must be a multiple of heads; given: 65 and 2.'],
    ['synthetic:layers=2,hidden=64,heads=8', 'headDim must be a multiple of 16; given: 8.'],
    ['synthetic:gpt2-124m,kv-heads=5', 'heads must be a multiple of kvHeads; given: 12 and 5.'],
    ['synthetic:gpt2-124m,feed-forward=100,dtype=q4', 'feedForward must be a multiple of 32; given: 100.'],
  ])('is refused with what is allowed: %s', (text, says) => {
    expect(() => parseSynthetic(text)).toThrow(says);
    expect(() => parseSynthetic(text)).toThrow('A synthetic model cannot be made so: ');
  });

  it('is told from other models by its first word', () => {
    expect(['synthetic:gpt2-124m', 'mini-gpt', 'models/synthetic:x/'].map(isSynthetic)).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('reads as what it was written from, and is written one way', () => {
    const times = (unit: number, most: number) => fc.integer({ min: 1, max: most }).map((n) => n * unit);
    const shape = fc
      .record({
        layers: times(1, 256),
        hidden: times(32, 512),
        kvHeads: times(1, 16),
        group: times(1, 16),
        headDim: times(32, 16),
        feedForward: times(32, 2048),
        vocabulary: fc.integer({ min: 16, max: 1_000_000 }),
        context: fc.integer({ min: 8, max: 131_072 }),
      })
      .map(({ group, ...sizes }) => ({
        ...sizes,
        heads: sizes.kvHeads * group,
        ropeTheta: 10_000,
        normEpsilon: 1e-5,
      }));
    const model = fc.record({
      preset: fc.constantFrom(null, ...PRESETS.map(({ name }) => name)),
      shape,
      dtype: fc.constantFrom(...DTYPES),
      seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    });
    fc.assert(
      fc.property(model, (given) => {
        const text = formatSynthetic(given);
        expect(parseSynthetic(text)).toEqual(given);
        expect(formatSynthetic(parseSynthetic(text))).toBe(text);
      }),
    );
    for (const { name } of PRESETS) {
      expect(formatSynthetic(parseSynthetic(`synthetic:${name}`))).toBe(`synthetic:${name}`);
    }
  });
});
