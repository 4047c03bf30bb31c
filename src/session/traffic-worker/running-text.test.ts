import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RunningText } from './running-text';

/** A token is a byte, so that a character of several bytes is several tokens. */
const tokenizer = { decode: (tokens: readonly number[]) => new TextDecoder().decode(new Uint8Array(tokens)) };
const bytesOf = (text: string) => [...new TextEncoder().encode(text)];

function said(text: string, stop: readonly string[] = []) {
  const running = new RunningText(tokenizer, stop);
  const pieces = bytesOf(text).map((token) => running.push(token));
  return { pieces: [...pieces, running.end()], running };
}

test('a character comes when its last byte has come', () => {
  expect(said('a海b').pieces).toEqual(['a', '', '', '海', 'b', '']);
});

test('a stop text ends the answer and is not part of it', () => {
  const { pieces, running } = said('one\n\ntwo', ['\n\n']);
  expect(pieces.join('')).toBe('one');
  expect(running.stopped).toBe(true);
  expect(running.tokens).toBe(5);
});

test('what only began like a stop text is given when it goes on otherwise, or ends', () => {
  expect(said('a\nb', ['\n\n']).pieces).toEqual(['a', '', '\nb', '']);
  expect(said('a\n', ['\n\n']).pieces.join('')).toBe('a\n');
});

test('the pieces are the text up to the first stop text, whatever both are', () => {
  const texts = fc.string({ unit: 'grapheme', maxLength: 30 });
  fc.assert(
    fc.property(
      texts,
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }), { maxLength: 3 }),
      (text, stop) => {
        const at = stop.map((one) => text.indexOf(one)).filter((place) => place >= 0);
        const expected = at.length > 0 ? text.slice(0, Math.min(...at)) : text;
        expect(said(text, stop).pieces.join('')).toBe(expected);
      },
    ),
  );
});
