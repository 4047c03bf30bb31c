import { useMemo } from 'react';
import { formatMs, formatWhole } from '../../store/format';
import classes from '../kit/table.module.css';
import type { SlotPlayer, SlotReport } from './slot-player';

interface SlotTableProps {
  readonly player: SlotPlayer;
  /** The rows are those of its time. */
  readonly report: SlotReport | null;
}

const MOST_ROWS = 20;

/** The requests in the picture: the same spans for those who read figures. */
export function SlotTable({ player, report }: SlotTableProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new report is a later look at the same player
  const rows = useMemo(() => player.requests(), [player, report]);
  return (
    <div className={classes.scroll}>
      <table className={classes.table}>
        <caption>
          {formatWhole(Math.min(rows.length, MOST_ROWS))} of {formatWhole(rows.length)} requests in the
          picture, the latest first; ms
        </caption>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Slot</th>
            <th scope="col">Queue</th>
            <th scope="col">Prefill</th>
            <th scope="col">Decode</th>
            <th scope="col">Wasted</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ request, slots, queueMs, prefillMs, decodeMs, wastedMs }) => (
            <tr key={request}>
              <th scope="row">{formatWhole(request)}</th>
              <td>{slots.map((slot) => slot + 1).join(', ')}</td>
              <td>{formatMs(queueMs)}</td>
              <td>{formatMs(prefillMs)}</td>
              <td>{formatMs(decodeMs)}</td>
              <td data-lost={wastedMs > 0 || undefined}>{formatMs(wastedMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
