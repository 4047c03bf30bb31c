import { NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { toPlain } from '../../core/errors';
import { slotsOf } from '../../core/serving-config';
import { sayNeed } from '../../model/synthetic/memory';
import { PRESETS } from '../../model/synthetic/presets';
import { formatSynthetic, parseSynthetic, SIZES, type SyntheticModel } from '../../model/synthetic/spec';
import { useActions, useApp } from '../app-context';
import kit from '../kit/kit.module.css';
import { useRefusal } from './model-forms';
import classes from './rail.module.css';

/** A synthetic model as it is being typed. */
interface SyntheticDraft {
  /** Null: sizes of one's own. */
  readonly preset: string | null;
  readonly dtype: string;
  /** By the key of each field. */
  readonly values: Readonly<Record<string, string>>;
}

interface Field {
  /** As a spec writes it. */
  readonly key: string;
  readonly label: string;
}

/** Every size, and the seed of the weights. */
const FIELDS: readonly Field[] = [...Object.values(SIZES), { key: 'seed', label: 'Seed' }];

function draftOf({ preset, shape, dtype, seed }: SyntheticModel): SyntheticDraft {
  const sizes = Object.entries(SIZES).map(([name, { key }]) => [
    key,
    String(shape[name as keyof typeof SIZES]),
  ]);
  return { preset, dtype, values: { ...Object.fromEntries(sizes), seed: String(seed) } };
}

/** The preset's sizes, or those that stand there as one's own; number format and seed stay. */
function withPreset(draft: SyntheticDraft, name: string): SyntheticDraft {
  if (!PRESETS.some((preset) => preset.name === name)) return { ...draft, preset: null };
  const { preset, values } = draftOf(parseSynthetic(`synthetic:${name}`));
  return { preset, dtype: draft.dtype, values: { ...values, seed: draft.values.seed ?? '' } };
}

/** The model that it means, or what is wrong with it. */
function readDraft({
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

interface SyntheticFormProps {
  /** The synthetic model that is chosen; typing goes on from there. */
  readonly spec: string;
}

/** A decoder of any size: its shape, what it would take, and the button that makes it. */
export function SyntheticForm({ spec }: SyntheticFormProps) {
  const actions = useActions();
  const slots = useApp((state) => slotsOf(state.settings.serving));
  const [seen, setSeen] = useState(spec);
  const [draft, setDraft] = useState(() => draftOf(parseSynthetic(spec)));
  const { refusal, attempt, forget } = useRefusal();
  if (seen !== spec) {
    setSeen(spec);
    setDraft(draftOf(parseSynthetic(spec)));
  }
  const read = readDraft(draft);
  const change = (next: SyntheticDraft) => {
    setDraft(next);
    forget();
  };
  const load = (chosen: SyntheticModel) =>
    attempt(() => actions.loadModel({ model: formatSynthetic(chosen) }));
  const problem = 'problem' in read ? read.problem : refusal;
  return (
    <form
      className={classes.panel}
      aria-label="Synthetic model"
      onSubmit={(event) => {
        event.preventDefault();
        if ('model' in read) void load(read.model);
      }}
    >
      <NativeSelect
        size="xs"
        aria-label="Shape"
        value={draft.preset ?? OWN}
        onChange={(event) => change(withPreset(draft, event.currentTarget.value))}
        data={[
          ...PRESETS.map(({ name, says }) => ({ value: name, label: `${name}: ${says}` })),
          { value: OWN, label: 'Sizes of your own' },
        ]}
      />
      <SegmentedControl
        fullWidth
        size="xs"
        withItemsBorders={false}
        aria-label="Number format"
        data={[
          { value: 'f32', label: 'f32' },
          { value: 'f16', label: 'f16' },
          { value: 'q4', label: '4-bit' },
        ]}
        value={draft.dtype}
        onChange={(dtype) => change({ ...draft, dtype })}
      />
      <div className={classes.sizes}>
        {FIELDS.map((field) => (
          <SizeField
            key={field.key}
            field={field}
            value={draft.values[field.key] ?? ''}
            onChange={(value) => change({ ...draft, values: { ...draft.values, [field.key]: value } })}
          />
        ))}
      </div>
      {'model' in read ? (
        <p className={kit.dim}>{unbroken(sayNeed(read.model.shape, read.model.dtype, slots))}</p>
      ) : null}
      {problem ? (
        <p className={kit.bad} role="alert">
          {problem}
        </p>
      ) : null}
      <div className={classes.foot}>
        <p>Random weights, made in this tab: the work is real, the text is meaningless.</p>
        <button type="submit" className={kit.action} disabled={'problem' in read}>
          Load
        </button>
      </div>
    </form>
  );
}

/** A figure and its unit stay on one line. */
const unbroken = (text: string) => text.replace(/(?<=\d) (?=\w)/g, '\u00a0');

const OWN = '';

interface SizeFieldProps {
  readonly field: Field;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function SizeField({ field, value, onChange }: SizeFieldProps) {
  return (
    <TextInput
      size="xs"
      label={field.label}
      classNames={{ label: classes.label ?? '', input: classes.input ?? '' }}
      inputMode="numeric"
      autoComplete="off"
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
    />
  );
}
