import { Tooltip, VisuallyHidden } from '@mantine/core';
import { memo, useEffect, useRef, useState } from 'react';
import type { LiveSnapshot, Saturation } from '../../core/figures';
import { OUTCOME_STATUS, OUTCOMES } from '../../core/request';
import type { HeadlineFigures } from '../../store/app-state';
import { formatFigure, formatMs, formatWhole, NOT_MEASURED } from '../../store/format';
import { pastLabel } from '../../store/past-picture';
import { sendLagWarning } from '../../traffic/send-lag';
import { useApp } from '../app-context';
import { type Figure, MAIN_FIGURES, SIDE_FIGURES } from './figures';
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
const FigureCell = memo(function FigureCell(props: FigureCellProps) {
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

interface VerdictProps {
  readonly saturation: Saturation | null;
  /** Nothing is sent at present: there is nothing to judge. */
  readonly paused: boolean;
}

/** Whether the server keeps up, in a word that does not need its colour. */
function Verdict({ saturation, paused }: VerdictProps) {
  const { word, means } = saturation ? SAYS[saturation] : paused ? PAUSED : NOT_YET;
  return (
    <Tooltip label={means}>
      <button type="button" className={classes.verdict} data-verdict={saturation ?? 'none'}>
        {word}
      </button>
    </Tooltip>
  );
}

const NOT_YET = { word: 'No verdict yet', means: 'Too few requests have ended in this window to judge.' };

const PAUSED = {
  word: 'Paused',
  means: 'The load holds still: nothing is sent, and no rate is shown of a time that is no measurement.',
};

const SAYS: Readonly<Record<Saturation, { readonly word: string; readonly means: string }>> = {
  stable: { word: 'Stable', means: 'Requests complete as fast as they come, and latency is not growing.' },
  backlogged: {
    word: 'Backlogged',
    means: 'Requests wait, and latency is growing: the queue builds up, or drains slowly.',
  },
  overloaded: {
    word: 'Overloaded',
    means: 'More requests come than complete: latency grows for as long as this lasts.',
  },
};

interface OutcomeCountsProps {
  readonly totals: LiveSnapshot['totals'] | null;
}

/** How every request ended since the load was started: the ones that did not complete stand beside those that did. */
function OutcomeCounts({ totals }: OutcomeCountsProps) {
  return (
    <dl className={classes.outcomes} aria-label="Outcomes since the load was started">
      {OUTCOMES.map((outcome) => {
        const count = totals?.[outcome] ?? null;
        const lost = outcome !== 'completed' && count !== null && count > 0;
        return (
          <div key={outcome} className={classes.outcome} data-lost={lost || undefined}>
            <dt>
              {OUTCOME_STATUS[outcome]} <span>{outcome}</span>
            </dt>
            <dd>{formatWhole(count)}</dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A screen reader hears the headline this often at most. */
const EVERY_MS = 10_000;

/** The headline as a sentence for screen readers, politely and seldom. */
function LiveSentence() {
  const snapshot = useApp((state) => state.snapshot);
  const latest = useRef(snapshot);
  const [sentence, setSentence] = useState('');
  useEffect(() => {
    latest.current = snapshot;
  }, [snapshot]);
  useEffect(() => {
    const timer = setInterval(() => {
      if (latest.current) setSentence(say(latest.current));
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <VisuallyHidden aria-live="polite" role="status">
      {sentence}
    </VisuallyHidden>
  );
}

function say(snapshot: LiveSnapshot): string {
  if (snapshot.clients.status === 'paused') return `Paused, ${snapshot.inFlight} in flight.`;
  if (!snapshot.latency)
    return `Nothing completed in the last ${Math.round(snapshot.windowMs / 1000)} seconds.`;
  const { rejected, expired, failed } = snapshot.outcomes;
  const lost = rejected + expired + failed;
  const parts = [
    `${formatFigure(snapshot.throughputRps)} requests per second`,
    `p95 latency ${formatMs(snapshot.latency.p95)} milliseconds`,
    `${snapshot.queueDepth} in the queue`,
    lost > 0 ? `${lost} lost` : '',
    snapshot.saturation ?? '',
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

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
