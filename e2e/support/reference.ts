import { fileURLToPath } from 'node:url';
import { AutoModelForCausalLM, AutoTokenizer, env, Tensor } from '@huggingface/transformers';
import type { GeneratePrompt } from '../../src/client/load-control';

/** What transformers.js, in Node, says greedily to each prompt alone: new tokens, without the end of sequence. */
export async function referenceTokens(
  model: string,
  prompts: readonly GeneratePrompt[],
): Promise<readonly (readonly number[])[]> {
  env.allowRemoteModels = false;
  env.localModelPath = fileURLToPath(new URL('../../public/models/', import.meta.url));
  const tokenizer = await AutoTokenizer.from_pretrained(model);
  const decoder = await AutoModelForCausalLM.from_pretrained(model, { device: 'cpu', dtype: 'fp32' });
  const said: number[][] = [];
  for (const { prompt, max_new_tokens: limit = 32 } of prompts) {
    const inputs = tokenizer(prompt);
    const output = await decoder.generate({ ...inputs, max_new_tokens: limit, do_sample: false });
    if (!(output instanceof Tensor)) throw new Error('transformers.js gave no tensor of tokens.');
    const tokens: number[] = output.tolist()[0].map(Number);
    const fresh = tokens.slice(inputs.input_ids.dims[1]);
    said.push(fresh.filter((token) => token !== tokenizer.eos_token_id));
  }
  return said;
}
