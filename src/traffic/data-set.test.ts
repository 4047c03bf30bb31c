import { expect, test } from 'vitest';
import { readDataSet } from './data-set';

test('JSON lines as generate reads them, with a byte order mark and empty lines', () => {
  const text = '\uFEFF{"id":1,"prompt":"One.","max_new_tokens":3}\r\n\r\n{"text":"Two."}\n';
  expect(readDataSet('p.jsonl', text)).toEqual({
    name: 'p.jsonl',
    format: 'JSON lines',
    texts: ['One.', 'Two.'],
  });
});

test('plain text, a prompt a line', () => {
  expect(readDataSet('p.txt', 'One.\n\n  Two two.  \n').texts).toEqual(['One.', 'Two two.']);
});

test('ShareGPT: what the human says first; conversations without one are left out', () => {
  const list = [
    {
      conversations: [
        { from: 'human', value: 'Hello?' },
        { from: 'gpt', value: 'Hi.' },
        { from: 'human', value: 'Bye' },
      ],
    },
    {
      conversations: [
        { from: 'gpt', value: 'Before.' },
        { from: 'user', value: 'After?' },
      ],
    },
    { conversations: [] },
  ];
  expect(readDataSet('s.json', JSON.stringify(list, null, 2))).toMatchObject({
    format: 'ShareGPT',
    texts: ['Hello?', 'After?'],
  });
});

test.each([
  ['', 'p has no prompt'],
  ['{"prompt": 5}', 'p, line 1: "prompt" must be a text'],
  ['{"prompt":"a"}\n{nonsense', 'p, line 2 is not JSON'],
  ['[{"text":"a"}]', 'p, entry 1 has no list of "conversations"'],
  ['[1, 2', 'p is not JSON'],
])('%j is refused', (text, message) => {
  expect(() => readDataSet('p', text)).toThrow(message);
});
