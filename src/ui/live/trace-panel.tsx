import { useEffect, useState } from 'react';
import type { LengthSpread, TraceInfo, TracePreview } from '../../core/trace';
import { servedModel } from '../../store/app-state';
import { formatFigure, formatWhole, NOT_MEASURED } from '../../store/format';
import { useActions, useApp } from '../app-context';
import { DropPlace } from '../kit/files';
import kit from '../kit/kit.module.css';
import classes from './rail.module.css';

interface TraceFactsProps {
  readonly info: TraceInfo;
}

/** What is in a trace, and what will be sent of it as it is set. */
function TraceFacts({ info }: TraceFactsProps) {
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
    <section className={classes.traceFacts} aria-label="Trace">
      <p className={classes.traceName}>{info.name}</p>
      <dl>
        {rows.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className={classes.fact}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
      {preview?.requests === 0 ? (
        <p className={kit.dim}>Nothing of it lies between Trace from and Trace to.</p>
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

/** Where a recorded load is chosen or dropped, and what is in it. */
export function TracePanel() {
  const { info, reading, problem } = useApp((state) => state.trace);
  const actions = useActions();
  const take = ([file]: readonly File[]) => {
    // What is wrong with it stands in the state, and so below.
    if (file) actions.setTrace({ name: file.name, content: file }).catch(() => {});
  };
  return (
    <div className={classes.panel}>
      <DropPlace
        invitation={info ? 'Choose another trace, or drop it here' : 'Choose a trace, or drop it here'}
        kinds="CSV or JSON lines: Azure, BurstGPT, Mooncake, Vidur"
        accept=".csv,.jsonl,.json,.txt"
        onPick={take}
        onDrop={(dropped) => take([...dropped.files])}
      />
      {problem ? (
        <p className={kit.bad} role="alert">
          {problem}
        </p>
      ) : null}
      <p className={kit.dim} role="status">
        {reading ? `Reading ${reading} …` : info ? null : 'Nothing is sent until there is one.'}
      </p>
      {info ? <TraceFacts info={info} /> : null}
    </div>
  );
}
