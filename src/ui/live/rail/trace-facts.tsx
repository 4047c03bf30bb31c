import { useEffect, useState } from 'react';
import type { LengthSpread, TraceInfo, TracePreview } from '../../../core/trace';
import { formatFigure, formatWhole, NOT_MEASURED } from '../../../store/format';
import { servedModel } from '../../../store/model-state';
import { useActions, useApp } from '../../app-context';
import classes from './trace-panel.module.css';

interface TraceFactsProps {
  readonly info: TraceInfo;
}

/** What is in a trace, and what will be sent of it as it is set. */
export function TraceFacts({ info }: TraceFactsProps) {
  const contextLength = useApp((state) => servedModel(state.model)?.model.contextLength ?? null);
  const preview = usePreview(info, contextLength);
  const { failed, unsorted } = info;
  const rows: readonly (readonly [string, string | null])[] = [
    ['Format', info.format],
    ['Requests', preview ? countOf(preview, info) : NOT_MEASURED],
    ['Without a token, left out', failed > 0 ? formatWhole(failed) : null],
    ['Out of order, sorted', unsorted > 0 ? formatWhole(unsorted) : null],
    ['Played in', preview ? `${formatFigure(preview.durationS)} s` : NOT_MEASURED],
    ['Mean rate', preview ? `${formatFigure(preview.meanRate)} req/s` : NOT_MEASURED],
    ['Prompt tokens', spreadText(preview?.promptTokens)],
    ['Answer tokens', spreadText(preview?.outputTokens)],
    [`Too long for ${contextLength}, cut`, preview?.clipped ? formatWhole(preview.clipped) : null],
  ];
  return (
    <section className={classes.facts} aria-label="Trace">
      <p className={classes.name}>{info.name}</p>
      <dl className={classes.rows}>
        {rows.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className={classes.row}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {preview?.requests === 0 ? (
        <p className={classes.note}>Nothing of it lies between Trace from and Trace to.</p>
      ) : null}
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
