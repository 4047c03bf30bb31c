import { disturbedWords } from '../../core/disturbance';
import { FEWEST_FOR_P99 } from '../../metrics/percentiles';
import { formatFigure, formatInterval, formatMs, formatShare, formatWhole } from '../../store/format';
import { fullLabel } from '../../store/setting-label';
import { useActions, useApp } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';

/** The finished settings of the main chart as a table: the same points as figures. */
export function FinishedTable() {
  const finished = useApp((state) => state.picture.finished);
  const actions = useActions();
  if (finished.length === 0) return null;
  return (
    <Panel
      title="Finished settings"
      aside={
        <button type="button" className={kit.clear} onClick={actions.clearFinished}>
          Clear all
        </button>
      }
    >
      <div className={kit.scroll}>
        <table className={kit.table}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">req/s</th>
              <th scope="col">p95 ms</th>
              <th scope="col">95 % interval</th>
              <th scope="col">p99 ms</th>
              <th scope="col">p99.9 ms</th>
              <th scope="col">Completions</th>
              <th scope="col">Lost</th>
              <th scope="col">Verdict</th>
              <th scope="col">
                <span className={kit.hidden}>Remove</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {finished.map(({ id, parts, point }) => (
              <tr key={id}>
                <th scope="row">{fullLabel(parts)}</th>
                <td>{formatFigure(point.throughput_rps)}</td>
                <td>{formatMs(point.p95Ms)}</td>
                <td>{formatInterval(point.p95IntervalMs)}</td>
                <td data-doubt={point.completions < FEWEST_FOR_P99 || undefined}>{formatMs(point.p99Ms)}</td>
                <td>{formatMs(point.p999Ms)}</td>
                <td>{formatWhole(point.completions)}</td>
                <td data-lost={point.lostShare > 0 || undefined}>{formatShare(point.lostShare)}</td>
                <td>
                  {[point.saturation ?? 'none yet', disturbedWords(point.disturbed)]
                    .filter(Boolean)
                    .join(', ')}
                </td>
                <td>
                  <button
                    type="button"
                    className={kit.clear}
                    aria-label={`Remove ${fullLabel(parts)}`}
                    onClick={() => actions.removeFinished(id)}
                  >
                    Remove
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
