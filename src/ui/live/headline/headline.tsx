import type { HeadlineFigures } from '../../../store/app-state';
import { NOT_MEASURED } from '../../../store/format';
import { pastLabel } from '../../../store/past-picture';
import { sendLagWarning } from '../../../traffic/send-lag';
import { useApp } from '../../app-context';
import { FigureCell } from './figure-cell';
import { type Figure, MAIN_FIGURES, SIDE_FIGURES } from './figures';
import classes from './headline.module.css';
import { LiveSentence } from './live-sentence';
import { OutcomeCounts } from './outcome-counts';
import { Verdict } from './verdict';

/** The present state in figures. */
export function Headline() {
  const measured = useApp((state) => state.snapshot);
  const past = useApp((state) => state.past);
  const snapshot: HeadlineFigures | null = past?.figures ?? measured;
  const cell = (size: 'main' | 'side') => (figure: Figure) => (
    <FigureCell
      key={figure.label}
      label={figure.label}
      unit={figure.unit}
      definition={figure.definition}
      value={snapshot ? figure.read(snapshot) : NOT_MEASURED}
      more={(snapshot && figure.more?.(snapshot)) ?? null}
      doubt={(snapshot && figure.doubt?.(snapshot)) ?? null}
      size={size}
    />
  );
  return (
    <section
      className={classes.headline}
      aria-label={past ? 'Headline figures, not measured now' : 'Headline figures'}
      data-past={past !== null || undefined}
    >
      {past ? <p className={classes.past}>{pastLabel(past)}</p> : null}
      <dl className={classes.main}>{MAIN_FIGURES.map(cell('main'))}</dl>
      <div className={classes.side}>
        <Verdict saturation={snapshot?.saturation ?? null} paused={measured?.clients.status === 'paused'} />
        <dl className={classes.sideFigures}>{SIDE_FIGURES.map(cell('side'))}</dl>
        <OutcomeCounts totals={snapshot?.totals ?? null} />
      </div>
      <p className={classes.warning} role="status">
        {sendLagWarning(measured?.sendLagMs ?? null)}
      </p>
      <LiveSentence />
    </section>
  );
}
