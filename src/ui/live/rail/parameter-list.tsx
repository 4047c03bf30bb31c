import { Fragment, type ReactNode } from 'react';
import type { Parameter } from '../../../core/parameter';
import { ParameterControl } from '../../kit/parameter-control';
import classes from './rail.module.css';

interface ParameterListProps {
  readonly parameters: readonly Parameter[];
  readonly value: (parameter: Parameter) => string | number;
  readonly unused: (parameter: Parameter) => string | null;
  readonly onChange: (parameter: Parameter, value: string | number) => Promise<void>;
  /** What belongs right under a control. */
  readonly beneath?: (parameter: Parameter) => ReactNode;
}

/** A group's controls in the order of their table; the advanced ones folded away, with the number of those that were turned. */
export function ParameterList(props: ParameterListProps) {
  const { parameters, value, unused, onChange, beneath } = props;
  const control = (parameter: Parameter) => (
    <Fragment key={parameter.name}>
      <ParameterControl
        parameter={parameter}
        value={value(parameter)}
        unused={unused(parameter)}
        onChange={(next) => onChange(parameter, next)}
      />
      {beneath?.(parameter)}
    </Fragment>
  );
  const advanced = parameters.filter((parameter) => parameter.advanced);
  const turned = advanced.filter((parameter) => value(parameter) !== parameter.default).length;
  return (
    <>
      {parameters.filter((parameter) => !parameter.advanced).map(control)}
      <details className={classes.more}>
        <summary className={classes.moreSummary}>More{turned > 0 ? ` (${turned} changed)` : ''}</summary>
        {advanced.map(control)}
      </details>
    </>
  );
}
