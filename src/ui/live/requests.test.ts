import { describe, expect, it } from 'vitest';
import { diffWords } from './requests';

describe('diffWords', () => {
  it('marks what differs on both sides', () => {
    expect(diffWords('He go to school', 'He goes to school')).toEqual({
      before: [
        { text: 'He', changed: false },
        { text: 'go', changed: true },
        { text: 'to school', changed: false },
      ],
      after: [
        { text: 'He', changed: false },
        { text: 'goes', changed: true },
        { text: 'to school', changed: false },
      ],
    });
  });

  it('marks insertions only where they stand', () => {
    const { before, after } = diffWords('I am teacher', 'I am a teacher');
    expect(before.map(({ text, changed }) => [text, changed])).toEqual([
      ['I am', false],
      ['teacher', false],
    ]);
    expect(after.filter((run) => run.changed)).toEqual([{ text: 'a', changed: true }]);
  });

  it('takes equal and empty texts', () => {
    expect(diffWords('same', 'same').after).toEqual([{ text: 'same', changed: false }]);
    expect(diffWords('gone', '')).toEqual({ before: [{ text: 'gone', changed: true }], after: [] });
  });
});
