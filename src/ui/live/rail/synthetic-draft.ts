import { toPlain } from '../../../core/errors';
import { PRESETS } from '../../../model/synthetic/presets';
import { parseSynthetic, SIZES, type SyntheticModel } from '../../../model/synthetic/spec';

/** A synthetic model as it is being typed. */
export interface SyntheticDraft {
  /** Null: sizes of one's own. */
  readonly preset: string | null;
  readonly dtype: string;
  /** By the key of each field. */
  readonly values: Readonly<Record<string, string>>;
}

export interface Field {
  /** As a spec writes it. */
  readonly key: string;
  readonly label: string;
}

/** Every size, and the seed of the weights. */
export const FIELDS: readonly Field[] = [...Object.values(SIZES), { key: 'seed', label: 'Seed' }];

export function draftOf({ preset, shape, dtype, seed }: SyntheticModel): SyntheticDraft {
  const sizes = Object.entries(SIZES).map(([name, { key }]) => [
    key,
    String(shape[name as keyof typeof SIZES]),
  ]);
  return { preset, dtype, values: { ...Object.fromEntries(sizes), seed: String(seed) } };
}

/** The preset's sizes, or those that stand there as one's own; number format and seed stay. */
export function withPreset(draft: SyntheticDraft, name: string): SyntheticDraft {
  if (!PRESETS.some((preset) => preset.name === name)) return { ...draft, preset: null };
  const { preset, values } = draftOf(parseSynthetic(`synthetic:${name}`));
  return { preset, dtype: draft.dtype, values: { ...values, seed: draft.values.seed ?? '' } };
}

/** The model that it means, or what is wrong with it. */
export function readDraft({
  preset,
  dtype,
  values,
}: SyntheticDraft): { readonly model: SyntheticModel } | { readonly problem: string } {
  const sizes = FIELDS.map(({ key }) => `${key}=${values[key] ?? ''}`);
  try {
    const parts = [...(preset === null ? [] : [preset]), ...sizes, `dtype=${dtype}`];
    return { model: parseSynthetic(`synthetic:${parts.join(',')}`) };
  } catch (error) {
    return { problem: toPlain(error).message };
  }
}
