import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AutoModelForCausalLM, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import type { GeneratePrompt } from '../../src/core/commands';

export interface Reference {
  /** Token ids of each prompt, with the template's special tokens. */
  readonly prompts: readonly (readonly number[])[];
  /** New tokens of each, without the end of sequence. */
  readonly answers: readonly (readonly number[])[];
}

const EMBEDDED = fileURLToPath(new URL('../../public/models/', import.meta.url));

/** What transformers.js, in Node, says greedily to each prompt alone. @param model one that is in the repository */
export async function reference(model: string, asked: readonly GeneratePrompt[]): Promise<Reference> {
  const directory = join(EMBEDDED, model);
  onlyLocal(directory);
  const tokenizer = await AutoTokenizer.from_pretrained(model);
  const inTokens = asked.map(({ prompt = '', max_new_tokens: limit = 32 }) => ({
    tokens: rowOf(tokenizer(prompt).input_ids),
    limit,
  }));
  const answers = await answersTo(directory, 'fp32', inTokens);
  return {
    prompts: inTokens.map(({ tokens }) => tokens),
    answers: answers.map((tokens) => tokens.filter((token) => token !== tokenizer.eos_token_id)),
  };
}

interface InTokens {
  readonly tokens: readonly number[];
  /** New tokens, at most. */
  readonly limit: number;
}

/** The same for prompts in tokens and a model's directory anywhere, with the end of sequence. */
export async function answersTo(
  directory: string,
  dtype: 'fp32' | 'q4',
  prompts: readonly InTokens[],
): Promise<readonly (readonly number[])[]> {
  onlyLocal(directory);
  const decoder = await AutoModelForCausalLM.from_pretrained(basename(directory), {
    device: 'cpu',
    dtype,
    use_external_data_format: readdirSync(join(directory, 'onnx')).some((name) => name.endsWith('_data')),
  });
  const answers: (readonly number[])[] = [];
  for (const { tokens, limit } of prompts) {
    const size = [1, tokens.length];
    const output = await decoder.generate({
      input_ids: new Tensor('int64', BigInt64Array.from(tokens, BigInt), size),
      attention_mask: new Tensor('int64', new BigInt64Array(tokens.length).fill(1n), size),
      max_new_tokens: limit,
      do_sample: false,
    });
    if (!(output instanceof Tensor)) throw new Error('transformers.js gave no tensor of tokens.');
    answers.push(rowOf(output).slice(tokens.length));
  }
  await decoder.dispose();
  return answers;
}

function onlyLocal(directory: string): void {
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(directory)}/`;
}

/** Of a tensor of one row. */
const rowOf = (tensor: Tensor): readonly number[] => tensor.tolist()[0].map(Number);
