/**
 * Least squares with no coefficient below 0, from the normal equations (Lawson and Hanson's active set). Columns are scaled
 * to unit length first, so that terms of very different size are told apart.
 *
 * @param gram XᵀX, [n][n] @param moment Xᵀy, [n]
 * @returns [n]; 0 for a column that is all zeros
 */
export function nonNegativeLeastSquares(
  gram: readonly (readonly number[])[],
  moment: readonly number[],
): readonly number[] {
  const count = moment.length;
  const scale = gram.map((row, i) => Math.sqrt(row[i] ?? 0));
  const at = (i: number, j: number) => (gram[i]?.[j] ?? 0) / ((scale[i] ?? 0) * (scale[j] ?? 0));
  const aim = moment.map((value, i) => (scale[i] ? value / scale[i] : 0));
  const solution = new Array<number>(count).fill(0);
  const free: number[] = [];
  const tolerance = 1e-9 * Math.max(...aim.map(Math.abs), 1e-300);
  const gradient = (i: number) =>
    (aim[i] ?? 0) - free.reduce((sum, j) => sum + at(i, j) * (solution[j] ?? 0), 0);
  const refused = new Set<number>();
  for (let round = 0; round < 6 * count; round++) {
    let best = -1;
    let steepest = tolerance;
    for (let i = 0; i < count; i++) {
      if (!scale[i] || free.includes(i) || refused.has(i)) continue;
      const slope = gradient(i);
      if (slope > steepest) [best, steepest] = [i, slope];
    }
    if (best < 0) break;
    free.push(best);
    if (!settle(free, solution, at, aim)) {
      // As good as a sum of others: it adds nothing.
      free.splice(free.indexOf(best), 1);
      solution[best] = 0;
      refused.add(best);
    } else if (!free.includes(best)) refused.add(best);
    else refused.clear();
  }
  return solution.map((value, i) => (scale[i] ? value / scale[i] : 0));
}

/** Moves to the best solution over the free columns, letting go of those that would fall below 0. @returns false if it is singular */
function settle(
  free: number[],
  solution: number[],
  at: (i: number, j: number) => number,
  aim: readonly number[],
): boolean {
  for (;;) {
    const wanted = solve(
      free.map((i) => free.map((j) => at(i, j))),
      free.map((i) => aim[i] ?? 0),
    );
    if (!wanted) return false;
    if (wanted.every((value) => value > 0)) {
      free.forEach((i, place) => {
        solution[i] = wanted[place] ?? 0;
      });
      return true;
    }
    let step = 1;
    wanted.forEach((value, place) => {
      const now = solution[free[place] as number] ?? 0;
      if (value <= 0) step = Math.min(step, now / Math.max(now - value, 1e-300));
    });
    wanted.forEach((value, place) => {
      const i = free[place] as number;
      solution[i] = (solution[i] ?? 0) + step * (value - (solution[i] ?? 0));
    });
    for (const i of [...free]) {
      if ((solution[i] ?? 0) > 1e-14) continue;
      solution[i] = 0;
      free.splice(free.indexOf(i), 1);
    }
    if (free.length === 0) return true;
  }
}

/** By Cholesky's factors. @returns null if the matrix is as good as singular */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] | null {
  const lower = choleskyOf(matrix);
  if (!lower) return null;
  const size = right.length;
  const half: number[] = [];
  for (let i = 0; i < size; i++) {
    let sum = right[i] as number;
    for (let k = 0; k < i; k++) sum -= at(lower, i, k) * (half[k] as number);
    half.push(sum / at(lower, i, i));
  }
  const result = new Array<number>(size).fill(0);
  for (let i = size - 1; i >= 0; i--) {
    let sum = half[i] as number;
    for (let k = i + 1; k < size; k++) sum -= at(lower, k, i) * (result[k] as number);
    result[i] = sum / at(lower, i, i);
  }
  return result;
}

function choleskyOf(matrix: readonly (readonly number[])[]): number[][] | null {
  const lower: number[][] = [];
  for (let i = 0; i < matrix.length; i++) {
    const row: number[] = [];
    lower.push(row);
    for (let j = 0; j <= i; j++) {
      let sum = at(matrix, i, j);
      for (let k = 0; k < j; k++) sum -= at(lower, i, k) * at(lower, j, k);
      if (i === j && sum <= 1e-10) return null;
      row.push(i === j ? Math.sqrt(sum) : sum / at(lower, j, j));
    }
  }
  return lower;
}

const at = (matrix: readonly (readonly number[])[], i: number, j: number): number => matrix[i]?.[j] as number;
