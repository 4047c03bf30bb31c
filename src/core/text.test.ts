import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decimalOf, printable } from './text';

describe('decimal numbers', () => {
  test.each([
    ['16', 16],
    ['-2.5', -2.5],
    ['.5', 0.5],
    ['1e-3', 0.001],
    ['5.', 5],
  ])('%s is read', (text, value) => expect(decimalOf(text)).toBe(value));

  test.each(['0x10', '0b11', '0o7', 'Infinity', '', ' ', '1_000', '1,5', '٣', '1e', '--1'])(
    '"%s" is none',
    (text) => expect(decimalOf(text)).toBeNull(),
  );
});

describe('text that is printed', () => {
  test('escape sequences become visible', () => {
    expect(printable('a\u001b]0;title\u0007b\u009b2J\rc\u202ed')).toBe(
      'a\\u001b]0;title\\u0007b\\u009b2J\\u000dc\\u202ed',
    );
  });

  test('ordinary text stays, in any script, with its line feeds and tabs', () => {
    expect(printable('Grüße, 日本語 🍣\n\tעברית')).toBe('Grüße, 日本語 🍣\n\tעברית');
  });

  test('nothing is left that a terminal obeys, and JSON stays JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
        expect(printable(text)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/);
        expect(JSON.parse(printable(JSON.stringify(text)))).toBe(text);
      }),
    );
  });
});
