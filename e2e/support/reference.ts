import { fileURLToPath } from 'node:url';
import { AutoModelForCausalLM, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import type { GeneratePrompt } from '../../src/core/commands';

export interface Reference {
  /** Token ids of each prompt, with the template's special tokens. */
  readonly prompts: readonly (readonly number[])[];
  /** New tokens of each, without the end of sequence. */
  readonly answers: readonly (readonly number[])[];
}

/** What transformers.js, in Node, says greedily to each prompt alone. */
export async function reference(model: string, asked: readonly GeneratePrompt[]): Promise<Reference> {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(new URL('../../public/models/', import.meta.url));
  const tokenizer = await AutoTokenizer.from_pretrained(model);
  const decoder = await AutoModelForCausalLM.from_pretrained(model, { device: 'cpu', dtype: 'fp32' });
  const prompts: number[][] = [];
  const answers: number[][] = [];
  for (const { prompt = '', max_new_tokens: limit = 32 } of asked) {
    const inputs = tokenizer(prompt);
    const output = await decoder.generate({ ...inputs, max_new_tokens: limit, do_sample: false });
    if (!(output instanceof Tensor)) throw new Error('transformers.js gave no tensor of tokens.');
    const tokens: number[] = output.tolist()[0].map(Number);
    const length = inputs.input_ids.dims[1];
    prompts.push(tokens.slice(0, length));
    answers.push(tokens.slice(length).filter((token) => token !== tokenizer.eos_token_id));
  }
  return { prompts, answers };
}
