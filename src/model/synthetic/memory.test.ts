import { describe, expect, it } from 'vitest';
import { DTYPES } from '../onnx/decoder-shape';
import { memoryNeed, sayNeed } from './memory';
import { PRESETS } from './presets';
import { parseSynthetic } from './spec';
import { writeSynthetic } from './write-synthetic';

/** "135m" → 135e6, "0.6b" → 0.6e9: what a preset's name promises. */
function promised(name: string): number {
  const [, figure, unit] = /-([\d.]+)([mb])$/.exec(name) ?? [];
  return Number(figure) * (unit === 'b' ? 1e9 : 1e6);
}

describe('what a model takes', () => {
  it.each(PRESETS.map(({ name }) => name))('%s has the parameters of its name, within 3 %%', (name) => {
    const { shape, dtype } = parseSynthetic(`synthetic:${name}`);
    const { parameters } = memoryNeed(shape, dtype);
    expect(Math.abs(parameters / promised(name) - 1)).toBeLessThan(0.03);
  });

  it.each(DTYPES)('is what is written, to the byte, in %s', (dtype) => {
    for (const sizes of [
      'layers=3,hidden=96,heads=4,kv-heads=2,head-dim=32,feed-forward=160,vocabulary=300',
      'layers=1,hidden=32,heads=8,head-dim=48,feed-forward=64,vocabulary=100',
      'layers=2,hidden=64,heads=4,feed-forward=512,vocabulary=40',
    ]) {
      const model = parseSynthetic(`synthetic:${sizes},context=16,dtype=${dtype}`);
      const need = memoryNeed(model.shape, model.dtype);
      let made = 0;
      const { weights } = writeSynthetic(model, (bytes) => {
        made = bytes;
      });
      expect(need.weights).toBe(made);
      expect(need.largestWeight).toBe(Math.max(...weights.map(({ data }) => data.byteLength)));
    }
  });

  it('counts the cache by slot, layer and head', () => {
    const { shape } = parseSynthetic('synthetic:gpt2-124m');
    expect(memoryNeed(shape, 'f32')).toMatchObject({
      cacheTensorPerSlot: 512 * 12 * 64 * 4,
      cachePerSlot: 2 * 12 * 512 * 12 * 64 * 4,
    });
    expect(memoryNeed(shape, 'f16').cachePerSlot).toBe(12 * 512 * 768 * 4);
  });

  it('reads as a sentence', () => {
    expect(sayNeed(parseSynthetic('synthetic:gpt2-124m').shape, 'f32', 8)).toBe(
      '124 M parameters · weights 494 MB · cache 37.7 MB a slot at context 512; with 8 slots 302 MB',
    );
    expect(sayNeed(parseSynthetic('synthetic:tinystories-15m').shape, 'q4', 1)).toBe(
      '15.2 M parameters · weights 10.7 MB · cache 3.5 MB a slot at context 256; with 1 slot 3.5 MB',
    );
  });
});
