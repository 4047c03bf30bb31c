import { InferenceSession, Tensor } from 'onnxruntime-web';
import { expect, it } from 'vitest';
import { writeGreedySampler } from './write-greedy-sampler';

it("takes the likeliest token at each row's own place", async () => {
  const session = await InferenceSession.create(writeGreedySampler());
  // two rows, two places, three tokens
  const logits = new Tensor('float32', [0, 9, 1, 5, 0, 0, 0, 0, 3, 0, 4, 0], [2, 2, 3]);
  const places = new Tensor('int64', [1n, 0n], [2, 1]);
  const { next } = await session.run({ logits, last_index: places });
  expect(next?.dims).toEqual([2, 1]);
  expect(next?.data).toEqual(BigInt64Array.of(0n, 2n));
});
