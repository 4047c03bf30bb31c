import { describe, expect, it } from 'vitest';
import { attendedPlaces } from './attended-places';

/** As one string a place: which of all it attends to. */
function shown(before: readonly number[], width: number, pastWidth: number, window = 0): string[] {
  const { places, rows } = attendedPlaces(before, width, pastWidth, window);
  const total = pastWidth + width;
  return Array.from({ length: rows * width }, (_, i) =>
    Array.from(places.subarray(i * total, (i + 1) * total), (attended) => (attended ? 'x' : '.')).join(''),
  );
}

describe('the places that new tokens attend to', () => {
  it('are those of the prompt so far, the same for all new prompts', () => {
    expect(shown([0, 0], 3, 0)).toEqual(['x..', 'xx.', 'xxx']);
  });

  it('are, of each row, its own past and the new one', () => {
    expect(shown([2, 0, 4], 1, 4)).toEqual(['xx..x', '....x', 'xxxxx']);
  });

  it('are, for a chunk, the chunks before it and its own tokens so far', () => {
    expect(shown([3], 2, 5)).toEqual(['xxx..x.', 'xxx..xx']);
  });

  it('are no more than the last ones where a layer has a window', () => {
    expect(shown([0], 4, 0, 2)).toEqual(['x...', 'xx..', '.xx.', '..xx']);
    expect(shown([2, 0, 4], 1, 4, 2)).toEqual(['.x..x', '....x', '...xx']);
    expect(shown([3], 3, 5, 3)).toEqual(['.xx..x..', '..x..xx.', '.....xxx']);
  });
});
