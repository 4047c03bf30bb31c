import { Slider } from '@mantine/core';
import { useId, useState } from 'react';
import { allowedValues, logNormalOf, type Parameter, parseEntry, rangeOf } from '../../core/parameter';
import { formatTick } from '../../store/format';
import { ChoiceControl, ControlFrame, type ControlWords, TypedEntry, useRefusal } from './control';
import classes from './control.module.css';

/** Where a slider stops: numbers, ascending, perhaps after one word ("eos", "off") that stands first. */
type Stop = number | string;

/**
 * A value's place on a slider whose stops stand at equal distances: 0 at the first, 1 at the second. A value between two
 * stops stands between them; beyond the last, on the last; a range stands at its middle, a distribution at its median.
 */
export function positionOf(stops: readonly Stop[], value: Stop): number {
  const exact = stops.indexOf(value);
  if (exact >= 0) return exact;
  if (typeof value === 'string') {
    const [median] = logNormalOf(value) ?? [];
    const [low, high] = rangeOf(value) ?? [median, median];
    return low === undefined || high === undefined ? 0 : positionOf(stops, (low + high) / 2);
  }
  const above = stops.findIndex((stop) => typeof stop === 'number' && stop > value);
  if (above < 0) return stops.length - 1;
  const high = stops[above];
  const low = stops[above - 1];
  if (typeof low !== 'number' || typeof high !== 'number') return above;
  return above - 1 + (value - low) / (high - low);
}

/** A stop as a tick label: 1000 → 1k, and 1024, as queues and contexts come, → 1k too; the field shows all digits. */
function stopText(stop: Stop): string {
  if (typeof stop === 'string') return stop;
  if (stop >= 1024 && stop % 1024 === 0) return `${stop / 1024}k`;
  return formatTick(stop);
}

/** At most about seven tick labels: every one, or every second, and always the last. */
export function labelledStops(stops: readonly Stop[]): readonly boolean[] {
  const step = stops.length > 8 ? 2 : 1;
  const last = stops.length - 1;
  return stops.map((_, index) => (last - index) % step === 0);
}

interface QuantityControlProps {
  readonly words: ControlWords;
  readonly unit: string;
  readonly stops: readonly Stop[];
  readonly value: Stop;
  /** Why it has no effect now; the control rests then. */
  readonly unused: string | null;
  /** Rejects for a stop that is not allowed beside the other settings. */
  readonly onChange: (value: Stop) => Promise<void>;
  /** Rejects or throws for a text that is not allowed. */
  readonly onType: (text: string) => Promise<void>;
}

/** A slider over fixed stops and a field that reaches every allowed value, for one quantity. */
export function QuantityControl(props: QuantityControlProps) {
  const { words, unit, stops, value, unused, onChange, onType } = props;
  const [mistyped, setMistyped] = useState<string | null>(null);
  const [refused, wish] = useRefusal();
  const error = mistyped ?? refused;
  const errorId = useId();
  const labelled = labelledStops(stops);
  const marks = stops.map((stop, index) => ({
    value: index,
    label: labelled[index] ? stopText(stop) : undefined,
  }));
  const position = positionOf(stops, value);

  return (
    <ControlFrame
      words={words}
      unused={unused}
      error={error}
      errorId={errorId}
      entry={
        <span className={classes.entryRow}>
          <TypedEntry
            label={words.label}
            value={String(value)}
            unit={unit}
            disabled={unused !== null}
            invalid={mistyped !== null}
            {...(error === null ? {} : { describedBy: errorId })}
            onCommit={onType}
            onError={setMistyped}
          />
          <span className={classes.unit} aria-hidden="true">
            {unit}
          </span>
        </span>
      }
    >
      <Slider
        className={classes.slider ?? ''}
        classNames={{
          markLabel: classes.markLabel ?? '',
          mark: classes.mark ?? '',
          thumb: classes.thumb ?? '',
          track: classes.track ?? '',
          trackContainer: classes.trackContainer ?? '',
        }}
        size={4}
        thumbSize={24}
        min={0}
        max={stops.length - 1}
        step={1}
        restrictToMarks
        marks={marks}
        label={null}
        disabled={unused !== null}
        thumbLabel={words.label}
        thumbValueText={() => (typeof value === 'number' && unit ? `${value} ${unit}` : String(value))}
        value={position}
        onChange={(next) => {
          const stop = stops[Math.round(next)];
          setMistyped(null);
          if (stop !== undefined && stop !== value) wish(() => onChange(stop));
        }}
      />
    </ControlFrame>
  );
}

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
      stops={parameter.kind === 'length' ? [parameter.natural, ...parameter.stops] : parameter.stops}
      value={value}
      unused={unused}
      onChange={onChange}
      onType={(text) => onChange(parseEntry(parameter, text))}
    />
  );
}
