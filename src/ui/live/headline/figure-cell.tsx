import { Tooltip } from '@mantine/core';
import { memo } from 'react';
import classes from './headline.module.css';

/** Characters beyond which a figure is set smaller, so that its unit stays in the cell. */
const LONG = 4;

interface FigureCellProps {
  readonly label: string;
  readonly unit: string;
  readonly definition: string;
  readonly value: string;
  readonly more: string | null;
  readonly doubt: string | null;
  readonly size: 'main' | 'side';
}

/** One figure with its definition one hover, focus or tap away. */
export const FigureCell = memo(function FigureCell(props: FigureCellProps) {
  const { label, unit, definition, value, more, doubt, size } = props;
  return (
    <div className={classes.cell} data-size={size} data-doubt={doubt !== null || undefined}>
      <dt>
        <Tooltip label={[definition, more, doubt].filter((part) => part !== null).join(' ')}>
          <button type="button" className={classes.label}>
            {label}
          </button>
        </Tooltip>
      </dt>
      <dd className={classes.value} data-long={value.length > LONG || undefined}>
        {value}
        {unit ? <span className={classes.unit}> {unit}</span> : null}
      </dd>
    </div>
  );
});
