import { expect, test } from 'vitest';
import { promptRow, type StepRow } from '../core/backend';
import { type Pass, part, Sequences } from './sequences';

const WARM = { temperature: 1, topK: 0, topP: 1, seed: 7 };
const row = (slot: number, length: number, sampling: StepRow['sampling'] = WARM, start = 0): StepRow =>
  promptRow(slot, new Array<number>(length).fill(5), { sampling, start });
const uniforms = ({ draws }: Pass) => draws?.map((draw) => draw?.uniform ?? null) ?? null;

/** What a slot draws with after its prompt, and in the two steps behind it, alone. */
function alone(length: number) {
  const sequences = new Sequences(32);
  const passes = [
    sequences.prefill([row(0, length)]),
    sequences.decode([0], [0]),
    sequences.decode([0], [0]),
  ];
  return passes.map((pass) => uniforms(pass)?.[0]);
}

test('draws go by the sequence: not by slot, company, moves or chunks', () => {
  const [first, second, third] = alone(6);
  expect(new Set([first, second, third]).size).toBe(3);
  const sequences = new Sequences(32);
  expect(uniforms(sequences.prefill([row(2, 4, null), row(1, 6), row(0, 3)]))).toEqual([
    null,
    first,
    alone(3)[0],
  ]);
  sequences.copy(1, 3);
  // The pass covers slot 0, but its token was not asked for: the slot keeps its place and draws for it next time.
  expect(uniforms(sequences.decode([2, 3], [0, 1, 2, 3]))).toEqual([null, null, null, second]);
  expect(uniforms(sequences.decode([0, 3], [0, 1, 2, 3]))).toEqual([alone(3)[1], null, null, third]);
  sequences.prefill([row(1, 4)]);
  expect(uniforms(sequences.prefill([row(1, 2, WARM, 4)]))).toEqual([first]);
});

test('a pass without a sampled row has no draws, also as a part of a pass with one', () => {
  const sequences = new Sequences(32);
  const pass = sequences.prefill([row(0, 4, null), row(1, 6)]);
  expect(part(pass, [0]).draws).toBeNull();
  expect(uniforms(part(pass, [1]))).toEqual([alone(6)[0]]);
  expect(sequences.decode([0], [0, 1]).draws).toBeNull();
});
