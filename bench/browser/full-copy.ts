import type * as Ort from 'onnxruntime-web';
import { cacheNames, readDecoderConfig } from '../../src/model/decoder-config';
import { serverDirectory } from '../../src/model/directory/server-directory';
import { readModelFile } from '../../src/model/model-file';
import { chooseBackend } from '../../src/runtime/adapter';
import { loadOrt } from '../../src/runtime/load-ort';
import type { PassTimes, PrefillsAsked, StepsAsked, StepTimes } from '../measures';
import { MOST_STEPS, PROMPT_TOKENS, repeated } from './step-times';

type Config = Awaited<ReturnType<typeof readDecoderConfig>>;

/**
 * The plain way to decode on WASM, to compare with: the hub's file as it is, a cache [B, kvHeads, context, headDim] of full
 * length that each run takes in and gives out whole, tokens chosen in JavaScript. The answer of one run is fed to the next
 * as it is, so the copies are onnxruntime's own.
 */
export class FullCopy {
  readonly #ort: typeof Ort;
  readonly #session: Ort.InferenceSession;
  readonly #config: Config;

  private constructor(ort: typeof Ort, session: Ort.InferenceSession, config: Config) {
    this.#ort = ort;
    this.#session = session;
    this.#config = config;
  }

  static async open(url: string): Promise<FullCopy> {
    const { threads } = await chooseBackend('wasm');
    const ort = await loadOrt('wasm', threads);
    const [config, bytes] = await Promise.all([
      readDecoderConfig(serverDirectory(url)),
      readModelFile(`${url}onnx/model.onnx`),
    ]);
    const session = await ort.InferenceSession.create(bytes, { executionProviders: ['wasm'] });
    return new FullCopy(ort, session, config);
  }

  async steps({ rows, budgetMs }: Pick<StepsAsked, 'rows' | 'budgetMs'>): Promise<StepTimes> {
    const { kvHeads, headDim, contextLength, layers } = this.#config;
    const dims = [rows, kvHeads, contextLength, headDim];
    const size = dims.reduce((product, dim) => product * dim, 1);
    const names = cacheNames(layers);
    let past: Ort.Tensor[] = names.map(() => new this.#ort.Tensor('float32', new Float32Array(size), dims));
    let tokens = new BigInt64Array(rows).fill(5n);
    let step = 0;
    const { passes, ...times } = await repeated(async () => {
      const length = PROMPT_TOKENS + 1 + (step++ % MOST_STEPS);
      const feeds = {
        input_ids: new this.#ort.Tensor('int64', tokens, [rows, 1]),
        attention_mask: this.#mask(rows, length),
        ...Object.fromEntries(names.map(({ past: name }, i) => [name, past[i] as Ort.Tensor])),
      };
      const results = await this.#session.run(feeds);
      past = names.map(({ present }) => results[present] as Ort.Tensor);
      tokens = likeliest(results.logits as Ort.Tensor, rows);
    }, budgetMs);
    return { ...times, steps: passes, liveTokens: PROMPT_TOKENS + Math.min(passes, MOST_STEPS) / 2 };
  }

  /** Keys and values are not put into a cache even: their way out of onnxruntime is what counts. */
  prefills({ tokens, budgetMs }: PrefillsAsked): Promise<PassTimes> {
    const { kvHeads, headDim, layers } = this.#config;
    const { Tensor } = this.#ort;
    const dims = [1, kvHeads, 0, headDim];
    const empty = cacheNames(layers).map(({ past }) => [
      past,
      new Tensor('float32', new Float32Array(), dims),
    ]);
    const feeds = {
      input_ids: new Tensor('int64', new BigInt64Array(tokens).fill(5n), [1, tokens]),
      attention_mask: new Tensor('int64', new BigInt64Array(tokens).fill(1n), [1, tokens]),
      ...Object.fromEntries(empty),
    };
    return repeated(
      async () => likeliest((await this.#session.run(feeds)).logits as Ort.Tensor, tokens),
      budgetMs,
    );
  }

  /** As many ones as the row has tokens; its width is the cache's. */
  #mask(rows: number, length: number): Ort.Tensor {
    const { contextLength } = this.#config;
    const mask = new BigInt64Array(rows * contextLength);
    for (let row = 0; row < rows; row++) {
      mask.fill(1n, row * contextLength, row * contextLength + Math.min(length, contextLength));
    }
    return new this.#ort.Tensor('int64', mask, [rows, contextLength]);
  }
}

/** @param logits [rows, 1, vocabulary], or [1, rows, vocabulary] */
function likeliest({ data, dims }: Ort.Tensor, rows: number): BigInt64Array<ArrayBuffer> {
  const vocabulary = dims[2] as number;
  const logits = data as Float32Array;
  return BigInt64Array.from({ length: rows }, (_, row) => {
    let best = row * vocabulary;
    for (let i = best; i < (row + 1) * vocabulary; i++) {
      if ((logits[i] as number) > (logits[best] as number)) best = i;
    }
    return BigInt(best - row * vocabulary);
  });
}
