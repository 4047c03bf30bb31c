import { Slider } from '@mantine/core';
import { useId, useState } from 'react';
import classes from './control.module.css';
import { ControlFrame, type ControlWords } from './control-frame';
import { labelledStops, positionOf, type Stop, stopText } from './stops';
import { TypedEntry } from './typed-entry';
import { useRefusal } from './use-refusal';

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
