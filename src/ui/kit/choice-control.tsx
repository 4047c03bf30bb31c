import { NativeSelect, SegmentedControl } from '@mantine/core';
import classes from './control.module.css';
import { ControlFrame, type ControlWords } from './control-frame';
import { useRefusal } from './use-refusal';

interface ChoiceControlProps {
  readonly words: ControlWords;
  readonly choices: readonly string[];
  readonly value: string;
  /** Rejects for a value that is not allowed beside the other settings. */
  readonly onChange: (value: string) => Promise<void>;
}

/** More choices than these stand on a line of their own. */
const MOST_BESIDE_LABEL = 2;
/** More than these do not fit a line at all. */
const MOST_IN_A_LINE = 4;

/** One of a few words. */
export function ChoiceControl({ words, choices, value, onChange }: ChoiceControlProps) {
  const [error, wish] = useRefusal();
  const choose = (next: string) => wish(() => onChange(next));
  if (choices.length > MOST_IN_A_LINE) {
    const list = (
      <NativeSelect
        size="xs"
        className={classes.inline ?? ''}
        aria-label={words.label}
        data={[...choices]}
        value={value}
        onChange={(event) => choose(event.currentTarget.value)}
      />
    );
    return <ControlFrame words={words} error={error} entry={list} />;
  }
  const isShort = choices.length <= MOST_BESIDE_LABEL;
  const control = (
    <SegmentedControl
      fullWidth
      size="xs"
      withItemsBorders={false}
      className={isShort ? (classes.inline ?? '') : ''}
      aria-label={words.label}
      data={choices.map((choice) => ({ value: choice, label: choice }))}
      value={value}
      onChange={choose}
    />
  );
  return isShort ? (
    <ControlFrame words={words} error={error} entry={control} />
  ) : (
    <ControlFrame words={words} error={error}>
      {control}
    </ControlFrame>
  );
}
