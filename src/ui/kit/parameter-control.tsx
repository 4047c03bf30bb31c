import { allowedValues, type Parameter } from '../../core/parameter';
import { parseEntry } from '../../core/parse-entry';
import { ChoiceControl } from './choice-control';
import type { ControlWords } from './control-frame';
import { QuantityControl } from './quantity-control';

interface ParameterControlProps {
  readonly parameter: Parameter;
  readonly value: string | number;
  readonly unused: string | null;
  /** Rejects for a value that the parameter does not allow. */
  readonly onChange: (value: string | number) => Promise<void>;
}

/** The control of any parameter, from its row in a table. */
export function ParameterControl({ parameter, value, unused, onChange }: ParameterControlProps) {
  const words: ControlWords = {
    label: parameter.label,
    flag: parameter.flag,
    help: parameter.help,
    allowed: allowedValues(parameter),
    elsewhere: parameter.elsewhere,
  };
  if (parameter.kind === 'choice') {
    return (
      <ChoiceControl words={words} choices={parameter.choices} value={String(value)} onChange={onChange} />
    );
  }
  return (
    <QuantityControl
      words={words}
      unit={parameter.unit}
      stops={parameter.kind === 'length' ? ['eos', ...parameter.stops] : parameter.stops}
      value={value}
      unused={unused}
      onChange={onChange}
      onType={(text) => onChange(parseEntry(parameter, text))}
    />
  );
}
