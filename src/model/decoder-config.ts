import { HeadwayError } from '../core/errors';
import { type ModelDirectory, readModelJson, readOptionalJson } from './directory/model-directory';
import { unsupported } from './unsupported';

/** The shape of a decoder's interface, as `config.json` and `generation_config.json` of a hub directory tell it. */
export interface DecoderConfig {
  readonly layers: number;
  readonly heads: number;
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
 * Reads both. Ends of a sequence are what either of them names: chat models have one more in one of them.
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
  const sizeOf = (name: Size) => SIZE_NAMES[name].map((key) => config[key]).find((value) => value != null);
  const heads = sizeOf('heads') as number;
  return {
    layers: sizeOf('layers') as number,
    heads,
    kvHeads: (config.num_key_value_heads as number | undefined) ?? heads,
    headDim: (config.head_dim as number | undefined) ?? (sizeOf('hidden') as number) / heads,
    contextLength: sizeOf('context') as number,
    vocabularySize: config.vocab_size as number,
    eosTokens: endsOf([generation, config]),
  };
}

/** Tokens by which a model ends an answer: all that its three files name. */
export async function readEnds(
  directory: ModelDirectory,
  endToken: number | null,
): Promise<ReadonlySet<number>> {
  const files = await Promise.all(
    ['generation_config.json', 'config.json'].map((path) => readOptionalJson(directory, path)),
  );
  return new Set(endsOf([...files, { eos_token_id: endToken }]));
}

const endsOf = (files: readonly unknown[]): readonly number[] => [
  ...new Set(
    files
      .flatMap((file) => (isFields(file) ? file.eos_token_id : []))
      .filter((token): token is number => Number.isInteger(token)),
  ),
];

/** The same with an end that its tokenizer alone knows. */
export function withEnd<Config extends Pick<DecoderConfig, 'eosTokens'>>(
  config: Config,
  endToken: number | null,
): Config {
  const { eosTokens } = config;
  return endToken === null || eosTokens.includes(endToken)
    ? config
    : { ...config, eosTokens: [...eosTokens, endToken] };
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What each size is called: by most families, and by those after GPT-2. */
const SIZE_NAMES = {
  layers: ['num_hidden_layers', 'n_layer', 'num_layers'],
  heads: ['num_attention_heads', 'n_head', 'num_heads'],
  context: ['max_position_embeddings', 'n_positions', 'n_ctx'],
  vocabulary: ['vocab_size'],
  hidden: ['hidden_size', 'n_embd'],
} as const satisfies Readonly<Record<string, readonly [string, ...string[]]>>;
type Size = keyof typeof SIZE_NAMES;
const OPTIONAL = ['num_key_value_heads', 'head_dim'] as const;

/** What a layer may keep of a sequence, as `layer_types` says, so that a slot of the cache holds all of it. */
const SERVED_LAYERS = ['full_attention', 'sliding_attention', 'attention'];

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
  const layers = [config.layer_types ?? []].flat().filter((name) => typeof name === 'string');
  const others = [...new Set(layers)].filter((name) => !SERVED_LAYERS.includes(name));
  if (others.length > 0) {
    return [
      `It has layers of the kind ${others.join(', ')} (model_type ${type}), which keep something other than keys and values; Headway serves attention alone.`,
    ];
  }
  const wanted = Object.entries(SIZE_NAMES).filter(([size]) => size !== 'hidden' || config.head_dim == null);
  const fields = wanted.map(([, names]) => names.find((name) => config[name] != null) ?? names[0]);
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
