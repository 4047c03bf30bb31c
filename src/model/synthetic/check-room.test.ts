import { describe, expect, it } from 'vitest';
import type { Room } from '../fit';
import { checkRoom } from './check-room';
import { parseSynthetic } from './spec';

const gpu = (megabytes: number, f16 = true): Room => ({ kind: 'webgpu', buffer: megabytes * 1e6, f16 });
const check = (spec: string, room: Room, slots = 8) =>
  checkRoom(parseSynthetic(`synthetic:${spec}`), slots, room);
const refusal = (...asked: Parameters<typeof check>) => {
  try {
    check(...asked);
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return `${code}: ${message}`;
  }
  return 'nothing was refused';
};

describe('a model that the machine has no room for', () => {
  it('is refused by its largest weight, with the dtype that would fit', () => {
    expect(refusal('qwen3-0.6b', gpu(400))).toBe(
      'model-too-large: synthetic:qwen3-0.6b needs 622 MB in one buffer for its largest weight; this adapter allows ' +
        '400 MB. synthetic:qwen3-0.6b,dtype=f16 would fit.',
    );
    expect(refusal('qwen3-0.6b', gpu(400, false))).toContain('synthetic:qwen3-0.6b,dtype=q4 would fit.');
  });

  it('is refused with the largest preset that would fit, or by saying that none would', () => {
    const huge = 'layers=1,hidden=16384,heads=128,vocabulary=1000000';
    expect(refusal(huge, gpu(134, false))).toContain('synthetic:qwen3-0.6b,dtype=q4 would fit.');
    expect(refusal(huge, gpu(1))).toContain('No preset would fit.');
  });

  it('is refused by its cache, with the slots and the context that would fit', () => {
    // A layer's keys: 4096 · 12 · 64 · 4 bytes a slot.
    expect(refusal('gpt2-124m,context=4096', gpu(200), 32)).toBe(
      'cache-too-large: synthetic:gpt2-124m,context=4096 with 32 slots needs 403 MB in one buffer for a layer’s keys; ' +
        'this adapter allows 200 MB, which is 15 slots, or a context of 2034 tokens.',
    );
    expect(refusal('gpt2-124m,context=4096', gpu(200), 15)).toBe('nothing was refused');
  });

  it('is refused in f16 where shaders do not compute in 16 bits', () => {
    expect(refusal('gpt2-124m,dtype=f16', gpu(2000, false))).toMatch(/^model-unsupported: .*shader-f16/);
    expect(refusal('gpt2-124m,dtype=f16', gpu(2000))).toBe('nothing was refused');
    expect(refusal('gpt2-124m,dtype=f16', { kind: 'wasm' })).toBe('nothing was refused');
  });

  it('is refused on WebAssembly by what its heap would hold', () => {
    expect(refusal('gpt2-124m', { kind: 'wasm' })).toBe('nothing was refused');
    expect(refusal('qwen3-0.6b', { kind: 'wasm' })).toMatch(/^model-too-large: .*dtype=q4 would fit\.$/);
    expect(refusal('gpt2-124m,context=8192', { kind: 'wasm' })).toMatch(/^cache-too-large: .* 2 slots/);
  });
});
