import { SegmentedControl } from '@mantine/core';
import { ControlFrame, type ControlWords } from './control-frame';

interface ChoiceControlProps {
  readonly words: ControlWords;
  readonly choices: readonly string[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of a few words. */
export function ChoiceControl({ words, choices, value, onChange }: ChoiceControlProps) {
  return (
    <ControlFrame words={words}>
      <SegmentedControl
        fullWidth
        size="xs"
        withItemsBorders={false}
        aria-label={words.label}
        data={choices.map((choice) => ({ value: choice, label: choice }))}
        value={value}
        onChange={onChange}
      />
    </ControlFrame>
  );
}
