/** A run of words that stands in one text only, or in both. */
export interface WordRun {
  readonly text: string;
  readonly changed: boolean;
}

export interface WordDiff {
  readonly before: readonly WordRun[];
  readonly after: readonly WordRun[];
}

/** Which words of two sentences differ, by their longest common subsequence of words. */
export function diffWords(before: string, after: string): WordDiff {
  const a = words(before);
  const b = words(after);
  const lengths = commonLengths(a, b);
  const inBefore: boolean[] = [];
  const inAfter: boolean[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      inBefore[i++] = true;
      inAfter[j++] = true;
    } else if ((lengths[i + 1]?.[j] ?? 0) >= (lengths[i]?.[j + 1] ?? 0)) i++;
    else j++;
  }
  return { before: runs(a, inBefore), after: runs(b, inAfter) };
}

const words = (text: string) => text.split(/\s+/).filter(Boolean);

/** `lengths[i][j]`: the longest common subsequence of `a` from i and `b` from j. */
function commonLengths(a: readonly string[], b: readonly string[]): readonly (readonly number[])[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    const below = lengths[i + 1] ?? [];
    for (let j = b.length - 1; j >= 0; j--) {
      row[j] = a[i] === b[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0);
    }
  }
  return lengths;
}

function runs(all: readonly string[], common: readonly boolean[]): readonly WordRun[] {
  const result: WordRun[] = [];
  for (const [index, word] of all.entries()) {
    const changed = !common[index];
    const last = result.at(-1);
    if (last?.changed === changed) result[result.length - 1] = { text: `${last.text} ${word}`, changed };
    else result.push({ text: word, changed });
  }
  return result;
}
