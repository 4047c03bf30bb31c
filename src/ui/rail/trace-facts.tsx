import { useEffect, useState } from 'react';
import type { TraceInfo } from '../../load/traces/trace-info';
import type { LengthSpread, TracePreview } from '../../load/traces/trace-preview';
import { formatFigure, formatWhole, NOT_MEASURED } from '../../store/format';
import { servedModel } from '../../store/model-state';
import { useActions, useApp } from '../app-context';
import classes from './trace-panel.module.css';

interface TraceFactsProps {
  readonly info: TraceInfo;
}

/** What is in a trace, and what will be sent of it as it is set. */
export function TraceFacts({ info }: TraceFactsProps) {
  const contextLength = useApp((state) => servedModel(state.model)?.model.contextLength ?? null);
  const preview = usePreview(info, contextLength);
  const rows: readonly (readonly [string, string])[] = [
    ['Format', info.format],
    ['Requests', preview ? countOf(preview, info) : NOT_MEASURED],
    ['Played in', preview ? `${formatFigure(preview.durationS)} s` : NOT_MEASURED],
    ['Mean rate', preview ? `${formatFigure(preview.meanRate)} req/s` : NOT_MEASURED],
    ['Prompt tokens', spreadText(preview?.promptTokens)],
    ['Answer tokens', spreadText(preview?.outputTokens)],
  ];
  return (
    <section className={classes.facts} aria-label="Trace">
      <p className={classes.name}>{info.name}</p>
      <dl className={classes.rows}>
        {rows.map(([name, value]) => (
          <div key={name} className={classes.row}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {notesOn(info, preview, contextLength).map((note) => (
        <p key={note} className={classes.note}>
          {note}
        </p>
      ))}
    </section>
  );
}

function usePreview(info: TraceInfo, contextLength: number | null): TracePreview | null {
  const load = useApp((state) => state.settings.load);
  const actions = useActions();
  const [preview, setPreview] = useState<{ readonly of: TraceInfo; readonly is: TracePreview | null }>();
  useEffect(() => {
    let wanted = true;
    const show = (is: TracePreview | null) => {
      if (wanted) setPreview({ of: info, is });
    };
    // A worker that is gone says so elsewhere.
    actions.previewTrace(load, contextLength).then(show, () => show(null));
    return () => {
      wanted = false;
    };
  }, [actions, info, load, contextLength]);
  return preview?.of === info ? preview.is : null;
}

const countOf = ({ requests }: TracePreview, info: TraceInfo) =>
  requests === info.requests
    ? formatWhole(requests)
    : `${formatWhole(requests)} of ${formatWhole(info.requests)}`;

const spreadText = (spread: LengthSpread | null | undefined) =>
  spread ? `p50 ${formatWhole(spread.p50)}, max ${formatWhole(spread.max)}` : NOT_MEASURED;

function notesOn(
  { failed, unsorted }: TraceInfo,
  preview: TracePreview | null,
  contextLength: number | null,
): readonly string[] {
  return [
    preview?.requests === 0 ? 'Nothing of it lies between Trace from and Trace to.' : '',
    failed > 0 ? `${formatWhole(failed)} more read or wrote no token and are left out.` : '',
    unsorted > 0 ? `${formatWhole(unsorted)} stood behind a later one and were put in order.` : '',
    preview?.clipped
      ? `${formatWhole(preview.clipped)} are too long for the context of ${contextLength} tokens and will be cut.`
      : '',
  ].filter(Boolean);
}
