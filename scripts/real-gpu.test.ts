import { expect, test } from 'vitest';
import { whyNotReal } from './real-gpu';

const adapter = { isFallbackAdapter: false, vendor: 'nvidia', architecture: 'hopper', description: '' };

test('a graphics card is real; a software adapter, whatever it calls itself, and none are not', () => {
  expect(whyNotReal(adapter)).toBeNull();
  expect(whyNotReal({ ...adapter, isFallbackAdapter: true })).toMatch(
    /nvidia hopper, which computes on the CPU/,
  );
  expect(whyNotReal({ ...adapter, vendor: 'google', architecture: 'swiftshader' })).toMatch(/swiftshader/);
  expect(whyNotReal({ ...adapter, vendor: '', architecture: '', description: 'llvmpipe (LLVM 19)' })).toMatch(
    /llvmpipe/,
  );
  expect(whyNotReal(null)).toMatch(/no adapter/);
});
