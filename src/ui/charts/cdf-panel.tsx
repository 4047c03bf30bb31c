import { useMemo } from 'react';
import { formatMs, formatShare, formatWhole } from '../../store/format';
import { latencyCdf } from '../../store/latency-cdf';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import { ChartFrame } from './chart-frame';
import classes from './charts.module.css';
import { CdfChart } from './lazy-charts';

/** The distribution of latency in the window. */
export function CdfPanel() {
  const snapshot = useApp((state) => state.snapshot);
  const sloMs = useApp((state) => state.settings.slo.p95Ms);
  const cdf = useMemo(() => snapshot && latencyCdf(snapshot), [snapshot]);
  const lost = cdf ? 1 - cdf.completed : 0;
  const words = `of ${formatWhole(snapshot?.latency?.count)} completed requests`;
  const missing = lost > 0 ? `${formatShare(lost)} not completed` : '';
  return (
    <Panel
      title="Latency distribution, ms"
      aside={
        <p className={`${classes.caption} ${classes.tools}`} data-lost={lost > 0 || undefined}>
          {missing || words}
        </p>
      }
    >
      <ChartFrame
        label={`Share answered within a time, ${words}: half within ${formatMs(snapshot?.latency?.p50)}, 95 % within ${formatMs(snapshot?.latency?.p95)} milliseconds. ${missing && `${missing}: there the curve ends.`}`}
      >
        {(width, height) => <CdfChart cdf={cdf} sloMs={sloMs} width={width} height={height} />}
      </ChartFrame>
    </Panel>
  );
}
