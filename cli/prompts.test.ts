import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readPrompts } from './prompts';

const folder = mkdtempSync(join(tmpdir(), 'headway-prompts-'));

function file(...lines: string[]): string {
  const path = join(folder, 'prompts.jsonl');
  writeFileSync(path, lines.join('\n'));
  return path;
}

test('reads one prompt a line, in order, over empty lines and carriage returns', () => {
  const path = file(
    '{"id":7,"prompt":"He go home."}\r',
    '',
    '{"id":"b","prompt":"x","max_new_tokens":4,"seed":0}',
  );
  expect(readPrompts(path)).toEqual([
    { id: 7, prompt: 'He go home.' },
    { id: 'b', prompt: 'x', max_new_tokens: 4, seed: 0 },
  ]);
});

test('reads a file with a byte order mark', () => {
  expect(readPrompts(file('\uFEFF{"id":"a","prompt":"She go to school."}\r'))).toHaveLength(1);
});

test('refuses UTF-16 by name', () => {
  const path = join(folder, 'utf16.jsonl');
  writeFileSync(path, Buffer.from('\uFEFF{"id":"a","prompt":"x"}', 'utf16le'));
  expect(() => readPrompts(path)).toThrow(/--prompts must be in UTF-8; ".*utf16.jsonl" is in UTF-16/);
});

const good = '{"id":"a","prompt":"x"}';

test.each([
  ['{"id":"b"', 'not JSON'],
  ['["b"]', 'not a JSON object'],
  ['{"prompt":"x"}', '"id" must be a string or a number'],
  ['{"id":"b","prompt":""}', '"prompt" must be a string that is not empty'],
  ['{"id":"b","prompt":"x","max_new_tokens":0}', '"max_new_tokens" must be a whole number from 1'],
  ['{"id":"b","prompt":"x","seed":4294967296}', '"seed" must be a whole number from 0 to 4294967295'],
])('%s is refused with its line', (line, sentence) => {
  expect(() => readPrompts(file(good, '', line))).toThrow(new RegExp(`line 3: .*${sentence}`));
});

test('a file without a prompt, or no file, is refused by name', () => {
  expect(() => readPrompts(file('', ''))).toThrow('has no prompt');
  expect(() => readPrompts(join(folder, 'nowhere.jsonl'))).toThrow('nowhere.jsonl');
});
