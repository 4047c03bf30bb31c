import { AutoModelForCausalLM, env, type PreTrainedModel, Tensor } from '@huggingface/transformers';
import * as Comlink from 'comlink';
import type { BenchRequest, PeerChoice, PeerMeasures, PeerOpened, Served } from '../measures';

const PAD = 0n;

/**
 * With null no token ends a row, as with the forced lengths of our own requests, and nothing is spent on preventing it.
 * The library's types know no null here; its code does.
 */
const NOTHING_ENDS = null as unknown as number;

/** transformers.js as its documentation says to use it: `generate` on a model in the hub's layout. */
class Peer implements PeerMeasures {
  #model: PreTrainedModel | null = null;

  async open({ models, name, backend, threads }: PeerChoice): Promise<PeerOpened> {
    env.allowRemoteModels = false;
    env.allowLocalModels = true;
    env.localModelPath = models;
    env.useBrowserCache = false;
    const { wasm, versions } = env.backends.onnx as {
      readonly wasm: { wasmPaths: unknown; numThreads: number };
      readonly versions: { readonly web: string };
    };
    // By default it is fetched from a public host; unset, the build's own copy is taken, which is the same.
    wasm.wasmPaths = undefined;
    wasm.numThreads = threads;
    this.#model = await AutoModelForCausalLM.from_pretrained(name, { dtype: 'fp32', device: backend });
    return { version: env.version, ortVersion: versions.web };
  }

  async oneByOne(requests: readonly BenchRequest[]): Promise<Served> {
    return this.#timed(requests, 1);
  }

  async batched(requests: readonly BenchRequest[], size: number): Promise<Served> {
    return this.#timed(requests, size);
  }

  async #timed(requests: readonly BenchRequest[], size: number): Promise<Served> {
    const begin = performance.now();
    const latencyMs: number[] = [];
    const tokens: (readonly number[])[] = [];
    let lastSubmission = { ms: 0, tokens: 0 };
    for (let i = 0; i < requests.length; i += size) {
      lastSubmission = {
        ms: performance.now() - begin,
        tokens: tokens.reduce((sum, { length }) => sum + length, 0),
      };
      const batch = requests.slice(i, i + size);
      const submitted = performance.now();
      tokens.push(...(await this.#generate(batch)));
      const took = performance.now() - submitted;
      latencyMs.push(...batch.map(() => took));
    }
    return { elapsedMs: performance.now() - begin, latencyMs, tokens, lastSubmission };
  }

  /** To the longest answer of the batch, whatever the model says; what is beyond a row's own length is cut off. */
  async #generate(batch: readonly BenchRequest[]): Promise<number[][]> {
    if (!this.#model) throw new Error('open comes first.');
    const width = Math.max(...batch.map(({ prompt }) => prompt.length));
    const ids = new BigInt64Array(batch.length * width).fill(PAD);
    const mask = new BigInt64Array(batch.length * width);
    batch.forEach(({ prompt }, row) => {
      const begin = (row + 1) * width - prompt.length;
      ids.set(prompt.map(BigInt), begin);
      mask.fill(1n, begin, begin + prompt.length);
    });
    const output = await this.#model.generate({
      input_ids: new Tensor('int64', ids, [batch.length, width]),
      attention_mask: new Tensor('int64', mask, [batch.length, width]),
      max_new_tokens: Math.max(...batch.map(({ outputTokens }) => outputTokens)),
      eos_token_id: NOTHING_ENDS,
      do_sample: false,
    });
    const rows: bigint[][] = (output as Tensor).tolist();
    return batch.map(({ outputTokens }, row) =>
      (rows[row] ?? []).slice(width, width + outputTokens).map(Number),
    );
  }
}

Comlink.expose(new Peer());
