import { HeadwayError } from './errors';
import { decimalOf } from './text';

/** A typed or linked text as the value it means; what is no number stays text, for the check to name it. */
export function parseEntry(parameter: Parameter, raw: string): string | number {
  const text = raw.trim();
  if (parameter.kind === 'choice' || text === '') return text;
  return decimalOf(text) ?? text;
}

/**
 * One adjustable quantity, described once: validation, the command line, the page's sliders and the docs read it here.
 * @template Name the TypeScript name, as in `ServingConfig` and `LoadConfig`
 */
export type Parameter<Name extends string = string> =
  | ChoiceParameter<Name>
  | NumberParameter<Name>
  | LengthParameter<Name>;

interface Described<Name extends string> {
  readonly name: Name;
  /** The command line's option, with its dashes: `--max-batch`. */
  readonly flag: string;
  readonly label: string;
  /** One sentence: what it does and what changes when it moves. */
  readonly help: string;
  /** Not among the first that one turns: the page keeps it folded away. */
  readonly advanced?: true;
  /** What other systems call it, e.g. `{ vLLM: 'max_num_seqs' }`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
}

/** Its key in a link: `max-batch`. */
export const linkKeyOf = ({ flag }: { readonly flag: string }): string => flag.replace(/^--/, '');

/** Its column in a CSV file, and its key in JSON that other programs read: `max_batch`. */
export const columnOf = (parameter: { readonly flag: string }): string =>
  linkKeyOf(parameter).replaceAll('-', '_');

export interface ChoiceParameter<Name extends string = string> extends Described<Name> {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly default: string;
}

export interface NumberParameter<Name extends string = string> extends Described<Name> {
  readonly kind: 'integer' | 'number';
  readonly min: number;
  readonly max: number;
  /** Singular or unit symbol: `ms`, `requests/s`. */
  readonly unit: string;
  readonly default: number;
  /** Where a slider stops, ascending; typing reaches everything between `min` and `max`. */
  readonly stops: readonly number[];
}

/** The natural length, a number of tokens from `min` to `max`, or a way to draw one: `'2:48'`, `'lognormal:20:0.8'`. */
interface LengthParameter<Name extends string = string> extends Described<Name> {
  readonly kind: 'length';
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  /** The word for lengths as they come: an answer's as the model ends it, a prompt's as the data set has it. */
  readonly natural: 'eos' | 'dataset';
  readonly default: Length | PromptLength;
  /** Numbers only; the natural length stands before the first. */
  readonly stops: readonly number[];
}

/**
 * As a load asks for it: where the model ends, exactly so many, any number of a range, its ends included, or log-normally
 * distributed with a median and a sigma, the standard deviation of the logarithm.
 */
export type Length = 'eos' | DrawnLength;

/** The same of a prompt, which has the length of its text in the data set where nothing else is asked for. */
export type PromptLength = 'dataset' | DrawnLength;

export type DrawnLength = number | `${number}:${number}` | `lognormal:${number}:${number}`;

/** @returns the ends of a range such as `2:48`; null for what is none */
export function rangeOf(length: unknown): readonly [number, number] | null {
  const ends = typeof length === 'string' ? /^(\d+):(\d+)$/.exec(length) : null;
  return ends ? [Number(ends[1]), Number(ends[2])] : null;
}

/** @returns median and sigma of a length such as `lognormal:20:0.8`; null for what is none */
export function logNormalOf(length: unknown): readonly [number, number] | null {
  const parts =
    typeof length === 'string' ? /^lognormal:(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(length) : null;
  return parts ? [Number(parts[1]), Number(parts[2])] : null;
}

/** Beyond it nearly every length is either a single token or too long for any context. */
const LARGEST_SIGMA = 3;

/** What a parameter allows, for an error sentence or a tooltip. */
export function allowedValues(parameter: Parameter): string {
  switch (parameter.kind) {
    case 'choice':
      return `one of ${parameter.choices.join(', ')}`;
    case 'integer':
      return `a whole number from ${parameter.min} to ${parameter.max}`;
    case 'number':
      return `a number from ${parameter.min} to ${parameter.max}`;
    case 'length':
      return (
        `${parameter.natural}, a whole number from ${parameter.min} to ${parameter.max}, a range MIN:MAX of such numbers, ` +
        `or lognormal:MEDIAN:SIGMA with such a median and a sigma from 0 to ${LARGEST_SIGMA}`
      );
  }
}

/**
 * @returns `value` if the parameter allows it
 * @throws HeadwayError `invalid-parameter`, naming the parameter, what was given and what is allowed
 */
export function checkParameter(parameter: Parameter, value: unknown): string | number {
  if (isAllowed(parameter, value)) return value;
  throw new HeadwayError(
    'invalid-parameter',
    `${parameter.name} (${parameter.flag}) must be ${allowedValues(parameter)}; given: ${describe(value)}.`,
  );
}

/**
 * Lays `changes` over `base` after checking each.
 * @throws HeadwayError `invalid-parameter` for a name that is not in the table or a value that it does not allow
 */
export function applyChanges<Config extends object>(
  table: Readonly<Record<keyof Config & string, Parameter>>,
  base: Config,
  changes: Partial<Config>,
): Config {
  const checked: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) continue;
    const parameter = Object.hasOwn(table, name)
      ? (table as Readonly<Record<string, Parameter>>)[name]
      : undefined;
    if (!parameter) {
      throw new HeadwayError(
        'invalid-parameter',
        `There is no parameter "${name}"; there are ${Object.keys(table).join(', ')}.`,
      );
    }
    checked[name] = checkParameter(parameter, value);
  }
  return { ...base, ...checked };
}

/** The table's defaults as a configuration. */
export function defaultsOf<Config extends object>(
  table: Readonly<Record<keyof Config & string, Parameter>>,
): Config {
  const entries = Object.values<Parameter>(table).map((p) => [p.name, p.default]);
  return Object.fromEntries(entries) as Config;
}

function isAllowed(parameter: Parameter, value: unknown): value is string | number {
  if (parameter.kind === 'choice') return parameter.choices.includes(value as string);
  if (parameter.kind === 'length' && typeof value === 'string') {
    return value === parameter.natural || isRange(parameter, value) || isLogNormal(parameter, value);
  }
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  if (parameter.kind !== 'number' && !Number.isInteger(value)) return false;
  return value >= parameter.min && value <= parameter.max;
}

function isRange({ min, max }: LengthParameter, text: string): boolean {
  const [low, high] = rangeOf(text) ?? [max, min];
  return min <= low && low <= high && high <= max;
}

function isLogNormal({ min, max }: LengthParameter, text: string): boolean {
  const [median, sigma] = logNormalOf(text) ?? [Number.NaN, Number.NaN];
  return min <= median && median <= max && sigma <= LARGEST_SIGMA;
}

function describe(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
