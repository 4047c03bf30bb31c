/**
 * Turns training/out/ (model.safetensors and config.json, as train.py leaves them) into the model directory's
 * config.json, generation_config.json and onnx/model.onnx.
 *
 *   npx tsx training/write-onnx.ts
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeDecoder } from '../src/model/onnx/write-decoder';

const OUT = new URL('./out/', import.meta.url);
const MODEL = new URL('../public/models/mini-gpt/', import.meta.url);

interface HubConfig {
  readonly hidden_size: number;
  readonly intermediate_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly num_key_value_heads: number;
  readonly head_dim: number;
  readonly vocab_size: number;
  readonly max_position_embeddings: number;
  readonly rms_norm_eps: number;
  readonly rope_theta: number;
}

interface StoredTensor {
  readonly dtype: string;
  readonly data_offsets: readonly [number, number];
}

/** Reads a safetensors file: an 8-byte header length, the header in JSON, the numbers. */
function readTensors(file: URL): (name: string) => Float32Array {
  const bytes = readFileSync(file);
  const start = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, start)) as Record<string, StoredTensor>;
  return (name) => {
    const tensor = header[name];
    if (tensor?.dtype !== 'F32') throw new Error(`${file} holds no F32 tensor ${name}.`);
    const [from, to] = tensor.data_offsets;
    return new Float32Array(Uint8Array.from(bytes.subarray(start + from, start + to)).buffer);
  };
}

const config = JSON.parse(readFileSync(new URL('config.json', OUT), 'utf8')) as HubConfig;
const tensors = readTensors(new URL('model.safetensors', OUT));
const bytes = writeDecoder(
  {
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads,
    headDim: config.head_dim,
    hidden: config.hidden_size,
    feedForward: config.intermediate_size,
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings,
    ropeTheta: config.rope_theta,
    normEpsilon: config.rms_norm_eps,
  },
  // The embedding is tied: it is the head as well.
  (name) => tensors(name === 'lm_head.weight' ? 'model.embed_tokens.weight' : name),
);
mkdirSync(new URL('onnx/', MODEL), { recursive: true });
writeFileSync(new URL('onnx/model.onnx', MODEL), bytes);
writeFileSync(new URL('config.json', MODEL), `${JSON.stringify(config, null, 2)}\n`);
const special = { bos_token_id: 1, eos_token_id: 2, pad_token_id: 0 };
writeFileSync(new URL('generation_config.json', MODEL), `${JSON.stringify(special, null, 2)}\n`);
console.log(`onnx/model.onnx: ${bytes.length} bytes`);
