import { formatFigure } from '../../store/format';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import { ChartFrame } from './chart-frame';
import classes from './charts.module.css';
import { FillChart } from './lazy-charts';

const NONE: readonly number[] = [];

/** How full the batches were in the window. */
export function FillPanel() {
  const isPast = useApp((state) => state.past !== null);
  const batchFill = useApp((state) => (state.past?.figures ?? state.snapshot)?.batchFill ?? NONE);
  const mean = useApp((state) => (state.past?.figures ?? state.snapshot)?.meanBatchFill ?? null);
  const { policy, maxBatch } = useApp((state) => state.settings.serving);
  const most = policy === 'sequential' ? 1 : maxBatch;
  return (
    <Panel
      title="Batch fill"
      aside={
        <p className={`${classes.caption} ${classes.tools}`}>
          mean {formatFigure(mean)}
          {isPast ? '' : ` of ${most}`}
        </p>
      }
    >
      <ChartFrame
        label={`Share of batches by number of members; mean ${formatFigure(mean)}${isPast ? ', not measured now' : ` of at most ${most}`}`}
        isPast={isPast}
      >
        {(width, height) => <FillChart batchFill={batchFill} maxBatch={most} width={width} height={height} />}
      </ChartFrame>
    </Panel>
  );
}
