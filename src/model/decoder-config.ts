import { HeadwayError } from '../core/errors';
import { readModelJson } from './model-file';

/** The shape of a decoder's interface, as `config.json` and `generation_config.json` of a hub directory tell it. */
export interface DecoderConfig {
  readonly layers: number;
  readonly kvHeads: number;
  /** Elements of one head's key or value. */
  readonly headDim: number;
  /** Tokens of one sequence, prompt and output together. */
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly eosTokens: readonly number[];
  /** Of keys and values; the graph's inputs tell it. */
  readonly cacheType: 'float32' | 'float16';
}

/**
 * @param directory URL ending in "/"
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`
 */
export async function fetchDecoderConfig(directory: string): Promise<Omit<DecoderConfig, 'cacheType'>> {
  const [config, generation] = await Promise.all([
    readModelJson(`${directory}config.json`),
    readModelJson(`${directory}generation_config.json`),
  ]);
  return decoderConfig(asRecord(config, `${directory}config.json`), asRecord(generation, directory));
}

function decoderConfig(config: Fields, generation: Fields): Omit<DecoderConfig, 'cacheType'> {
  const heads = positive(config, 'num_attention_heads');
  return {
    layers: positive(config, 'num_hidden_layers'),
    kvHeads: 'num_key_value_heads' in config ? positive(config, 'num_key_value_heads') : heads,
    headDim: 'head_dim' in config ? positive(config, 'head_dim') : positive(config, 'hidden_size') / heads,
    contextLength: positive(config, 'max_position_embeddings'),
    vocabularySize: positive(config, 'vocab_size'),
    eosTokens: [generation.eos_token_id ?? config.eos_token_id ?? []]
      .flat()
      .filter(Number.isInteger) as number[],
  };
}

type Fields = Readonly<Record<string, unknown>>;

function asRecord(value: unknown, file: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw new HeadwayError('model-file-damaged', `${file} does not hold a JSON object.`);
}

function positive(config: Fields, name: string): number {
  const value = config[name];
  if (Number.isInteger(value) && (value as number) > 0) return value as number;
  throw new HeadwayError(
    'model-file-damaged',
    `config.json must give ${name} as a positive whole number; given: ${JSON.stringify(value)}.`,
  );
}

/** Names of the KV cache's tensors, layer by layer: the ecosystem's convention. */
export function cacheNames(layers: number): readonly { readonly past: string; readonly present: string }[] {
  return Array.from({ length: layers }, (_, layer) =>
    ['key', 'value'].map((part) => ({
      past: `past_key_values.${layer}.${part}`,
      present: `present.${layer}.${part}`,
    })),
  ).flat();
}
