import { HeadwayError } from '../core/errors';
import { type ModelDirectory, readModelJson, readOptionalJson } from './directory/model-directory';
import { unsupported } from './unsupported';

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
 * Reads both; a directory without `generation_config.json` has its end-of-sequence tokens in `config.json`.
 * @throws HeadwayError `model-file-missing`, `model-file-damaged`, `model-unsupported` with all that stands in the way
 */
export async function readDecoderConfig(
  directory: ModelDirectory,
): Promise<Omit<DecoderConfig, 'cacheType'>> {
  const [config, generation] = await Promise.all([
    readModelJson(directory, 'config.json'),
    readOptionalJson(directory, 'generation_config.json'),
  ]);
  const label = directory.label('config.json');
  if (!isFields(config))
    throw new HeadwayError('model-file-damaged', `${label} does not hold a JSON object.`);
  const problems = configProblems(config);
  if (problems.length > 0) throw unsupported(label, problems);
  const heads = config.num_attention_heads as number;
  const eos = (isFields(generation) ? generation.eos_token_id : null) ?? config.eos_token_id ?? [];
  return {
    layers: config.num_hidden_layers as number,
    kvHeads: (config.num_key_value_heads as number | undefined) ?? heads,
    headDim: (config.head_dim as number | undefined) ?? (config.hidden_size as number) / heads,
    contextLength: config.max_position_embeddings as number,
    vocabularySize: config.vocab_size as number,
    eosTokens: [eos].flat().filter(Number.isInteger) as number[],
  };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const NEEDED = [
  'num_hidden_layers',
  'num_attention_heads',
  'max_position_embeddings',
  'vocab_size',
  'hidden_size',
] as const;
const OPTIONAL = ['num_key_value_heads', 'head_dim'] as const;

/** Why this is the configuration of no decoder that can be served, a sentence each. */
function configProblems(config: Fields): readonly string[] {
  const type = typeof config.model_type === 'string' ? config.model_type : 'unknown';
  const architectures = [config.architectures ?? []].flat().filter((name) => typeof name === 'string');
  if (config.is_encoder_decoder === true) {
    return [`It is an encoder and a decoder (model_type ${type}); Headway serves decoders alone.`];
  }
  if (architectures.length > 0 && !architectures.some((name) => /ForCausalLM|LMHeadModel/.test(name))) {
    return [
      `Its architecture, ${architectures.join(', ')} (model_type ${type}), is no decoder that writes text (…ForCausalLM).`,
    ];
  }
  const fields = NEEDED.filter((name) => name !== 'hidden_size' || config.head_dim == null);
  const wrong = [...fields, ...OPTIONAL.filter((name) => config[name] != null)].filter(
    (name) => !(Number.isInteger(config[name]) && (config[name] as number) > 0),
  );
  const given = wrong.map((name) => `${name} (given: ${JSON.stringify(config[name]) ?? 'nothing'})`);
  return wrong.length === 0 ? [] : [`It must give as positive whole numbers: ${given.join(', ')}.`];
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
