import { useMemo } from 'react';
import type { ExperimentRun } from '../../core/experiment';
import { axisTitle, RESULT_FIGURES, resultsOf, showFigure } from '../../experiments/figures';
import { formatMs } from '../../store/format';
import { Panel } from '../kit/panel';
import table from '../kit/table.module.css';
import classes from './experiments.module.css';

interface ResultsTableProps {
  readonly run: ExperimentRun;
}

/** The figures behind the plots, for those who read them. */
export function ResultsTable({ run }: ResultsTableProps) {
  const rows = useMemo(() => resultsOf(run), [run]);
  if (rows.length === 0) return null;
  return (
    <Panel
      title="Results"
      aside={<p className={classes.dim}>medians of the repeats, p95 with their range</p>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section className={table.scroll} tabIndex={0} aria-label="Results of each setting">
        <table className={`${table.table} ${classes.results}`}>
          <thead>
            <tr>
              <th scope="col">Setting</th>
              <th scope="col">Repeats</th>
              <th scope="col">Requests</th>
              {RESULT_FIGURES.map((figure) => (
                <th key={figure.name} scope="col">
                  {axisTitle(figure)}
                </th>
              ))}
              <th scope="col">Note</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ point, repeats, requests, values, p95, endedEarly }) => (
              <tr key={point.id}>
                <th scope="row">{point.label}</th>
                <td>{repeats}</td>
                <td>{requests}</td>
                {RESULT_FIGURES.map((figure, index) => (
                  <td
                    key={figure.name}
                    data-lost={(figure.name === 'lost_share' && (values[index] ?? 0) > 0) || undefined}
                  >
                    {showFigure(figure, values[index] ?? null)}
                    {figure.name === 'p95_ms' && p95 ? (
                      <span className={classes.dim}>
                        {' '}
                        ({formatMs(p95.min)}–{formatMs(p95.max)})
                      </span>
                    ) : null}
                  </td>
                ))}
                <td className={classes.note}>{endedEarly}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Panel>
  );
}
