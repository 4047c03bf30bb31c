import { Tooltip, VisuallyHidden } from '@mantine/core';
import { memo, useEffect, useRef, useState } from 'react';
import type { LiveSnapshot, Slo } from '../../core/figures';
import { OUTCOME_STATUS, OUTCOMES } from '../../core/request';
import { countOf, formatFigure, formatMs, formatShare, formatWhole, NOT_MEASURED } from '../../store/format';
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
  /** Whether it is within its objective; null where it has none. */
  readonly slo: 'met' | 'missed' | null;
  readonly size: 'main' | 'side';
}

/** One figure with its definition one hover, focus or tap away. */
const FigureCell = memo(function FigureCell(props: FigureCellProps) {
  const { label, unit, definition, value, more, doubt, slo, size } = props;
  return (
    <div
      className={classes.cell}
      data-size={size}
      data-doubt={doubt !== null || undefined}
      data-slo={slo ?? undefined}
    >
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

interface PillProps {
  readonly state: 'good' | 'warn' | 'bad' | 'none';
  readonly means: string;
  readonly children: string;
}

/** A state in words that do not need their colour. */
const Pill = ({ state, means, children }: PillProps) => (
  <Tooltip label={means}>
    <button type="button" className={classes.verdict} data-verdict={state}>
      {children}
    </button>
  </Tooltip>
);

/** Whether the objectives are met: a state of its own, since a steady queue may well be too slow. */
function SloState({ snapshot }: { readonly snapshot: LiveSnapshot | null }) {
  const slo = useApp((state) => state.settings.slo);
  const missed = missedObjectives(snapshot, slo);
  if (slo.p95Ms === null && slo.ttftMs === null) {
    return (
      <Pill state="none" means="No objective is set: there is no goodput and no share that met it.">
        No SLO
      </Pill>
    );
  }
  if (missed === null) {
    return (
      <Pill state="none" means="No request has been completed in this window.">
        SLO: not measured yet
      </Pill>
    );
  }
  const share = snapshot?.slo_attainment ?? null;
  const attained = share === null ? '' : ` · ${formatShare(share)}`;
  return missed.length === 0 ? (
    <Pill
      state="good"
      means="Every p95 is within its objective. The share is of single requests that met all objectives."
    >
      {`SLO met${attained}`}
    </Pill>
  ) : (
    <Pill state="bad" means={`${missed.join(' ')} The share is of single requests that met all objectives.`}>
      {`SLO missed${attained}`}
    </Pill>
  );
}

/** What is over its objective, as sentences; null where nothing was measured. */
function missedObjectives(snapshot: LiveSnapshot | null, slo: Slo): readonly string[] | null {
  if (!snapshot?.latency_ms) return null;
  const over = (name: string, value: number | undefined, limit: number | null) =>
    limit !== null && value !== undefined && value > limit
      ? [`${name} p95 is ${formatMs(value)} ms, over ${formatMs(limit)} ms.`]
      : [];
  return [
    ...over('E2E', snapshot.latency_ms.p95, slo.p95Ms),
    ...over('TTFT', snapshot.ttft_ms?.p95, slo.ttftMs),
  ];
}

/** Whether the server keeps up with what is sent. In a closed loop it cannot fall behind: clients wait for it. */
function QueueState({ snapshot }: { readonly snapshot: LiveSnapshot | null }) {
  const status = useApp((state) => state.load.status);
  const { arrival, concurrency } = useApp((state) => state.settings.load);
  if (status === 'stopped') {
    return (
      <Pill state="none" means="Nothing is sent. The figures are those of the last moment under load.">
        {snapshot ? 'Load stopped' : 'No load'}
      </Pill>
    );
  }
  if (status === 'paused') {
    return (
      <Pill state="none" means="Nothing is sent until the load is resumed, so no rate is shown.">
        Paused
      </Pill>
    );
  }
  const queued = snapshot ? ` · ${formatWhole(snapshot.queueDepth)}` : '';
  if (arrival === 'closed') {
    return (
      <Pill
        state="none"
        means={`Closed loop: each client waits for its answer, so at most ${countOf(concurrency, 'request')} can wait, and the queue cannot grow without end.`}
      >
        {`Closed loop, queue${queued || ' –'}`}
      </Pill>
    );
  }
  const says = snapshot?.saturation ? QUEUE[snapshot.saturation] : QUEUE.none;
  return (
    <Pill state={says.state} means={says.means}>
      {`${says.word}${queued}`}
    </Pill>
  );
}

const QUEUE = {
  none: {
    state: 'none',
    word: 'Queue: not judged yet',
    means: 'Too few requests have ended in this window to judge the queue.',
  },
  stable: {
    state: 'good',
    word: 'Queue steady',
    means:
      'Requests complete as fast as they come, and latency is not growing. It does not say that latency is low.',
  },
  backlogged: {
    state: 'warn',
    word: 'Queue growing',
    means: 'Requests wait, and latency is growing: the queue builds up, or drains slowly.',
  },
  overloaded: {
    state: 'bad',
    word: 'Overloaded',
    means: 'More requests come than complete: latency grows for as long as this lasts.',
  },
} as const;

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
  if (!snapshot.latency_ms)
    return `Nothing completed in the last ${Math.round(snapshot.windowMs / 1000)} seconds.`;
  const { rejected, expired, failed } = snapshot;
  const lost = rejected + expired + failed;
  const parts = [
    `${formatFigure(snapshot.throughput_rps)} requests per second`,
    `p95 latency ${formatMs(snapshot.latency_ms.p95)} milliseconds`,
    `${snapshot.queueDepth} in the queue`,
    lost > 0 ? `${lost} lost` : '',
    snapshot.saturation ?? '',
  ];
  return `${parts.filter(Boolean).join(', ')}.`;
}

const UNDER_WAY =
  'Of answers under way, since none is complete yet: the first tokens of some, and the pace of all.';

/** The present state in figures; after a stop, the last ones under load. */
export function Headline() {
  const isStopped = useApp((state) => state.load.status === 'stopped');
  const snapshot = useApp((state) => (isStopped ? state.lastLoaded : state.snapshot));
  const early = useApp((state) => state.early);
  const sloMs = useApp((state) => state.settings.slo.p95Ms);
  const cell = (size: 'main' | 'side') => (figure: Figure) => (
    <FigureCell
      key={figure.label}
      label={figure.label}
      unit={figure.unit}
      definition={figure.definition}
      value={early && figure.early ? figure.early(early) : snapshot ? figure.read(snapshot) : NOT_MEASURED}
      more={(snapshot && figure.more?.(snapshot)) ?? null}
      doubt={early && figure.early ? UNDER_WAY : ((snapshot && figure.doubt?.(snapshot)) ?? null)}
      slo={snapshot && sloMs !== null ? (figure.slo?.(snapshot, sloMs) ?? null) : null}
      size={size}
    />
  );
  return (
    <section className={classes.headline} aria-label="Headline figures" data-past={isStopped || undefined}>
      <dl className={classes.main}>{MAIN_FIGURES.map(cell('main'))}</dl>
      <div className={classes.side}>
        <SloState snapshot={snapshot} />
        <QueueState snapshot={snapshot} />
        <dl className={classes.sideFigures}>{SIDE_FIGURES.map(cell('side'))}</dl>
        <OutcomeCounts totals={snapshot?.totals ?? null} />
      </div>
      <p className={classes.warning} role="status">
        {isStopped ? null : sendLagWarning(snapshot?.send_lag_ms ?? null)}
      </p>
      <LiveSentence />
    </section>
  );
}
