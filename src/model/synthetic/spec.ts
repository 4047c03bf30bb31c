import { HeadwayError } from '../../core/errors';
import { type DecoderShape, DTYPES, type Dtype, shapeProblem } from '../onnx/decoder-shape';
import { PRESETS, type Sizes } from './presets';

/** A decoder of any size with seeded random weights, made in memory. What it writes means nothing. */
export interface SyntheticModel {
  /** The preset that it was made from, if any. */
  readonly preset: string | null;
  readonly shape: DecoderShape;
  readonly dtype: Dtype;
  /** Of the weights. */
  readonly seed: number;
}

interface Size {
  /** As it is written in a spec. */
  readonly key: string;
  readonly label: string;
  readonly min: number;
  readonly max: number;
}

/** In the order in which they are written. */
export const SIZES: Readonly<Record<keyof Sizes, Size>> = {
  layers: { key: 'layers', label: 'Layers', min: 1, max: 256 },
  hidden: { key: 'hidden', label: 'Width', min: 16, max: 16_384 },
  heads: { key: 'heads', label: 'Heads', min: 1, max: 256 },
  kvHeads: { key: 'kv-heads', label: 'KV heads', min: 1, max: 256 },
  headDim: { key: 'head-dim', label: 'Head size', min: 16, max: 512 },
  feedForward: { key: 'feed-forward', label: 'Feed-forward', min: 16, max: 65_536 },
  vocabulary: { key: 'vocabulary', label: 'Vocabulary', min: 16, max: 1_000_000 },
  context: { key: 'context', label: 'Context', min: 8, max: 131_072 },
};

const NAMES = Object.keys(SIZES) as (keyof Sizes)[];
const KEYS = [...NAMES.map((name) => SIZES[name].key), 'dtype', 'seed'];
const LARGEST_SEED = 2 ** 31 - 1;
const SCHEME = 'synthetic:';

/** Whether a model's name or URL means a synthetic one; it may still be a wrong one. */
export const isSynthetic = (model: string): boolean => model.startsWith(SCHEME);

/**
 * Reads `synthetic:gpt2-124m,dtype=f16,context=1024` or `synthetic:layers=4,hidden=256,heads=8`: a preset, sizes that are
 * laid over it, or sizes alone.
 * @throws HeadwayError `invalid-parameter`, with what was given and what is allowed
 */
export function parseSynthetic(text: string): SyntheticModel {
  const [first = '', ...rest] = text
    .slice(SCHEME.length)
    .split(',')
    .map((part) => part.trim());
  const preset = first.includes('=') ? null : findPreset(first);
  const given = readPairs(preset ? rest : [first, ...rest]);
  const sizes = Object.fromEntries(
    NAMES.flatMap((name) => {
      const raw = given.get(SIZES[name].key);
      return raw === undefined ? [] : [[name, wholeNumber(SIZES[name], raw)]];
    }),
  ) as Partial<Sizes>;
  const shape = {
    ...(preset ? { ...preset.sizes, ...sizes } : completed(sizes)),
    ropeTheta: 10_000,
    normEpsilon: 1e-5,
  };
  const dtype = dtypeOf(given.get('dtype') ?? 'f32');
  const problem = shapeProblem(shape, dtype);
  if (problem) throw refusal(problem);
  const seed = wholeNumber({ key: 'seed', min: 0, max: LARGEST_SEED }, given.get('seed') ?? '1');
  return { preset: preset?.name ?? null, shape, dtype, seed };
}

/** The one way to write it: no value that its preset, or the rule for sizes that are not given, says anyway. */
export function formatSynthetic({ preset, shape, dtype, seed }: SyntheticModel): string {
  const base = PRESETS.find(({ name }) => name === preset)?.sizes ?? { headDim: shape.hidden / shape.heads };
  const sizes = NAMES.filter((name) => shape[name] !== (base as Partial<Sizes>)[name]);
  const parts = [
    ...(preset === null ? [] : [preset]),
    ...sizes.map((name) => `${SIZES[name].key}=${shape[name]}`),
    ...(dtype === 'f32' ? [] : [`dtype=${dtype}`]),
    ...(seed === 1 ? [] : [`seed=${seed}`]),
  ];
  return `${SCHEME}${parts.join(',')}`;
}

function findPreset(name: string) {
  const preset = PRESETS.find((candidate) => candidate.name === name);
  if (preset) return preset;
  const names = PRESETS.map((candidate) => candidate.name).join(', ');
  throw refusal(`it must begin with one of ${names}, or be sizes such as layers=4; given: "${name}".`);
}

function readPairs(parts: readonly string[]): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const part of parts) {
    const [key = '', value, ...more] = part.split('=');
    if (!KEYS.includes(key) || value === undefined || more.length > 0) {
      throw refusal(`each part must be KEY=VALUE with a KEY of ${KEYS.join(', ')}; given: "${part}".`);
    }
    if (pairs.has(key)) throw refusal(`${key} is given twice.`);
    pairs.set(key, value);
  }
  return pairs;
}

/** Sizes that are not given: a KV head for each head, heads that share the width, SwiGLU as wide as a plain layer of 4. */
function completed(sizes: Partial<Sizes>): Sizes {
  const { layers, hidden, heads } = sizes;
  if (layers === undefined || hidden === undefined || heads === undefined) {
    throw refusal('without a preset, layers, hidden and heads must be given.');
  }
  if (sizes.headDim === undefined && hidden % heads !== 0) {
    throw refusal(`without head-dim, hidden must be a multiple of heads; given: ${hidden} and ${heads}.`);
  }
  const feedForward = Math.ceil((hidden * 8) / 3 / 32) * 32;
  const standard = { kvHeads: heads, headDim: hidden / heads, feedForward, vocabulary: 4096, context: 512 };
  return { layers, hidden, heads, ...standard, ...sizes };
}

function wholeNumber({ key, min, max }: Omit<Size, 'label'>, raw: string): number {
  const value = /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw refusal(`${key} must be a whole number from ${min} to ${max}; given: "${raw}".`);
}

function dtypeOf(raw: string): Dtype {
  const dtype = DTYPES.find((candidate) => candidate === raw);
  if (dtype) return dtype;
  throw refusal(`dtype must be one of ${DTYPES.join(', ')}; given: "${raw}".`);
}

const refusal = (problem: string) =>
  new HeadwayError('invalid-parameter', `A synthetic model cannot be made so: ${problem}`);
