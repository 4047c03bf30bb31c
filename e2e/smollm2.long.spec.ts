import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICIES } from '../src/core/serving-config';
import { expect, test } from './support/headway-test';
import { tokensUnder } from './support/page-tokens';
import { pickModel } from './support/picked-model';
import { answersTo } from './support/reference';

/**
 * A trained chat model in the page, against PyTorch and against transformers.js on the same file. It is too large for git:
 * testing/models/README.md says how to make it. HEADWAY_SMOLLM2 names the directory that holds `smollm2-plain` and `smollm2-gqa`.
 */
const HOME = process.env.HEADWAY_SMOLLM2 ?? '';

const FORMS = ['plain', 'gqa'] as const;
const FILES = [
  { file: 'onnx/model.onnx', answers: 'full', dtype: 'fp32' },
  { file: 'onnx/model_q4.onnx', answers: 'q4', dtype: 'q4' },
] as const;

/** The model's own end of an answer. */
const END = 2;
const NEW_TOKENS = 32;
/** A first difference counts where PyTorch's best logit is ahead of the next by more than this. */
const CLEAR = 1e-3;
const MAX_BATCH = { sequential: 1, static: 8, continuous: 8 } as const;

interface Answer {
  readonly user: string;
  readonly prompt: readonly number[];
  readonly tokens: readonly number[];
  readonly margins: readonly number[];
}

test.setTimeout(1_800_000);
test.skip(HOME === '', 'HEADWAY_SMOLLM2 is not set: testing/models/README.md says how to make the model');

/** Differences that are no near-tie of PyTorch's, in words. */
function differences(said: readonly (readonly number[])[], answers: readonly Answer[]): readonly string[] {
  return answers.flatMap(({ user, tokens, margins }, i) => {
    const expected = upToEnd(tokens);
    const own = said[i] ?? [];
    const length = Math.max(expected.length, own.length);
    const first = Array.from({ length }, (_, at) => at).find((at) => expected[at] !== own[at]);
    if (first === undefined || (margins[first] ?? Number.POSITIVE_INFINITY) <= CLEAR) return [];
    return [`"${user}", token ${first}: ${own[first]}, not ${expected[first]}, ahead by ${margins[first]}`];
  });
}

const upToEnd = (tokens: readonly number[]) =>
  tokens.includes(END) ? tokens.slice(0, tokens.indexOf(END)) : tokens;

for (const form of FORMS) {
  for (const { file, answers: key, dtype } of FILES) {
    test(`SmolLM2-135M-Instruct, ${form}, ${dtype}: PyTorch's tokens to 24 chat prompts, alone and under each policy, and those of transformers.js`, async ({
      headway,
    }) => {
      const { page } = headway;
      const directory = join(HOME, `smollm2-${form}`);
      expect(existsSync(join(directory, file)), `${directory}/${file}`).toBe(true);
      const answers: readonly Answer[] = JSON.parse(readFileSync(join(directory, 'expected.json'), 'utf8'))[
        key
      ];
      expect(answers).toHaveLength(24);
      await headway.ready({ backend: 'wasm' });
      await pickModel(page, directory);
      await page.evaluate(
        (model) => window.headway.loadModel({ model }),
        `picked:smollm2-${form},file=${file},context=256`,
      );
      const prompts = answers.map(({ user }, i) => ({
        id: `${i}`,
        messages: [{ role: 'user' as const, content: user }],
        max_new_tokens: NEW_TOKENS,
      }));
      const said: Partial<Record<(typeof POLICIES)[number], readonly (readonly number[])[]>> = {};
      for (const policy of POLICIES) {
        const began = Date.now();
        const tokens = await tokensUnder(page, { policy, maxBatch: MAX_BATCH[policy] }, prompts);
        said[policy] = tokens;
        const count = tokens.reduce((sum, { length }) => sum + length, 0);
        test.info().annotations.push({
          type: policy,
          description: `${count} tokens in ${((Date.now() - began) / 1000).toFixed(1)} s`,
        });
        expect.soft(differences(tokens, answers), policy).toEqual([]);
      }
      const inTokens = answers.map(({ prompt }) => ({ tokens: prompt, limit: NEW_TOKENS }));
      const peer = (await answersTo(directory, dtype, inTokens)).map(upToEnd);
      expect.soft(differences(peer, answers), 'transformers.js').toEqual([]);
      expect.soft(peer, 'the same tokens as transformers.js').toEqual(said.sequential);
    });
  }
}
