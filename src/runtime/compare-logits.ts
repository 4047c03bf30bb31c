import type * as Ort from 'onnxruntime-web';
import { promptRow } from '../core/backend';
import { HeadwayError } from '../core/errors';
import { cacheNames, type DecoderConfig } from '../model/decoder-config';
import { POSITIONS } from '../model/onnx/cache-outside';
import { fromHalf } from '../model/onnx/half';
import type { SessionParts } from '../model/onnx/prepare';
import { LOGITS_KEPT } from '../model/onnx/serving-graph';
import type { Engine } from './decoder-backend';
import { Sequences } from './sequences';

/** Of two prompts in one batch: unequal, so that padding and lengths show. */
const PROMPT_LENGTHS = [7, 3] as const;
const STEPS = 3;

/**
 * Root mean square of the difference of two rows of logits, over the standard deviation of the file's own. A wrong rewriting
 * should give about 1. The limits are chosen, not measured: rounding must stay under them, in 32 bits, in 16 bits, and where
 * activations are quantized to 8 bits and the scale of a batch is not that of its rows.
 */
const TOLERANCE = { exact: 0.005, half: 0.05, dynamic: 0.3 } as const;

/** What the file as it is answers: for each prompt, the logits behind it and behind each token that follows, likeliest first. */
export interface OwnLogits {
  readonly rows: readonly (readonly Step[])[];
  readonly tolerance: number;
}

interface Step {
  readonly logits: Float32Array;
  readonly token: number;
}

/**
 * Runs a model as its file has it, one prompt at a time and without a cache, on the CPU.
 * @throws HeadwayError `model-file-damaged` where the file itself cannot be run
 */
export async function ownLogits(
  ort: typeof Ort,
  { graph, weights }: SessionParts,
  config: DecoderConfig,
  arithmetic: keyof typeof TOLERANCE,
): Promise<OwnLogits> {
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['wasm'],
    externalData: weights,
    // It runs a few times only: what is made anew for speed would double its memory.
    extra: { session: { disable_prepacking: '1' } },
    logSeverityLevel: 3,
  });
  try {
    const rows: Step[][] = [];
    for (const prompt of prompts(config.vocabularySize)) {
      const tokens = [...prompt];
      const steps: Step[] = [];
      while (steps.length <= STEPS) {
        const logits = await lastLogits(ort, session, tokens, config);
        const token = logits.indexOf(
          logits.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
        );
        steps.push({ logits, token });
        tokens.push(token);
      }
      rows.push(steps);
    }
    return { rows, tolerance: TOLERANCE[arithmetic] };
  } finally {
    await session.release();
  }
}

const prompts = (vocabulary: number) =>
  PROMPT_LENGTHS.map((length) => Array.from({ length }, (_, i) => (11 + 37 * (i + 1) * length) % vocabulary));

async function lastLogits(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  tokens: readonly number[],
  { layers, kvHeads, headDim, cacheType }: DecoderConfig,
): Promise<Float32Array> {
  const dims = [1, tokens.length];
  const int64 = (values: readonly number[], shape: readonly number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [...shape]);
  const none = cacheType === 'float16' ? new Uint16Array() : new Float32Array();
  const all: Record<string, Ort.Tensor> = {
    input_ids: int64(tokens, dims),
    attention_mask: int64(
      tokens.map(() => 1),
      dims,
    ),
    [POSITIONS]: int64([...tokens.keys()], dims),
    [LOGITS_KEPT]: int64([0], []),
  };
  for (const { past } of cacheNames(layers)) {
    all[past] = new ort.Tensor(cacheType, none as Float32Array, [1, kvHeads, 0, headDim]);
  }
  const feeds = Object.fromEntries(session.inputNames.map((name) => [name, all[name] as Ort.Tensor]));
  const { logits } = await session.run(feeds, ['logits']);
  const { data, dims: shape } = logits as Ort.Tensor;
  return toFloats(data as Float32Array | Uint16Array).slice(-(shape.at(-1) as number));
}

/** 16-bit floats come as such where JavaScript has them, else as their bits. */
function toFloats(values: Float32Array | Uint16Array): Float32Array {
  if (!(values instanceof Uint16Array)) return Float32Array.from(values);
  return Float32Array.from(values, fromHalf);
}

/**
 * Runs the same prompts as they are served, in one batch over the cache, and compares.
 * @throws HeadwayError `model-unsupported` where they differ: then the rewriting has misread the graph
 */
export async function compareLogits(
  engine: Engine,
  own: OwnLogits,
  { contextLength, vocabularySize }: DecoderConfig,
  file: string,
): Promise<void> {
  const sequences = new Sequences(contextLength);
  const slots = PROMPT_LENGTHS.map((_, slot) => slot);
  // Rows go on as long as both choose the same token: a near tie may fall either way.
  const going = new Set(slots);
  for (let step = 0; step <= STEPS && going.size > 0; step++) {
    const pass =
      step === 0
        ? sequences.prefill(prompts(vocabularySize).map((prompt, slot) => promptRow(slot, prompt)))
        : sequences.decode(slots, engine.covering(slots));
    const { tokens, logits } = await engine.submit(pass, { logits: true });
    const [chosen, rows] = [await tokens, await logits];
    for (const slot of going) {
      const expected = own.rows[slot]?.[step] as Step;
      const distance = distanceOf(rows?.[slot] ?? new Float32Array(), expected.logits);
      if (!(distance <= own.tolerance)) {
        throw new HeadwayError(
          'model-unsupported',
          `${file} was rewritten for serving and then answers otherwise than by itself: token ${step + 1} of prompt ${slot + 1} of a batch, ` +
            `logits ${distance.toFixed(3)} standard deviations off (allowed: ${own.tolerance}). It is not served; please report the model.`,
        );
      }
      if (chosen[slot] !== expected.token) going.delete(slot);
    }
  }
}

function distanceOf(values: Float32Array, expected: Float32Array): number {
  if (values.length !== expected.length) return Number.NaN;
  const mean = expected.reduce((sum, value) => sum + value, 0) / expected.length;
  let [difference, variance] = [0, 0];
  expected.forEach((value, i) => {
    difference += ((values[i] as number) - value) ** 2;
    variance += (value - mean) ** 2;
  });
  return Math.sqrt(difference / variance);
}
