import type { ExperimentRun } from '../../core/experiment';
import { axisTitle, showFigure } from '../figures';
import { RESULT_FIGURES, type ResultRow, resultsOf } from '../results';
import { smallPrint } from '../small-print';
import { scriptJson, escapeHtml as text } from './html';
import { REPORT_STYLE } from './report-style';

/** One plot as it goes into the report. */
export interface ReportPicture {
  readonly title: string;
  /** A PNG as base64. */
  readonly base64: string;
}

/** What was found, in sentences; of a check also whether it holds, null where that cannot be said. */
export interface ReportSentence {
  readonly passed?: boolean | null;
  readonly says: string;
}

/**
 * A run as one HTML file that needs nothing else: it opens from disk, without a network, in light, dark and print. The
 * figures stand in a table and, with every setting and summary but without single requests, as JSON in `#headway-run`.
 */
export function reportHtml(
  run: ExperimentRun,
  pictures: readonly ReportPicture[],
  sentences: readonly ReportSentence[],
): string {
  const rows = resultsOf(run);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<title>${text(run.name)} – Headway</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${text(run.name)}</h1>
<p>${text(run.says)}</p>
${smallPrint(run)
  .map((line) => `<p class="small">${text(line)}</p>`)
  .join('\n')}
${findings(sentences)}
<h2>Results</h2>
<p class="small">Medians over the repeats; p95 with its least and greatest.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Results"><table>
<thead><tr><th scope="col">Setting</th><th scope="col">Repeats</th><th scope="col">Requests</th>${RESULT_FIGURES.map(
    (figure) => `<th scope="col">${text(axisTitle(figure))}</th>`,
  ).join('')}</tr></thead>
<tbody>
${rows.map(tableRow).join('\n')}
</tbody>
</table></div>
${notes(rows)}
<h2>Plots</h2>
${pictures.map(figure).join('\n')}
</main>
<script type="application/json" id="headway-run">${scriptJson(digestOf(run, rows))}</script>
</body>
</html>
`;
}

function findings(sentences: readonly ReportSentence[]): string {
  if (sentences.length === 0) return '';
  const items = sentences.map(({ passed, says }) => `<li>${verdict(passed)}${text(says)}</li>`);
  return `<h2>What it shows</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
}

function verdict(passed: boolean | null | undefined): string {
  if (passed === undefined) return '';
  if (passed === null) return '<b>Open:</b> ';
  return passed ? '<b class="passed">Yes:</b> ' : '<b class="failed">No:</b> ';
}

/** Each figure as it reads, and to the last digit in its `value`. */
function tableRow({ point, repeats, requests, values, p95 }: ResultRow): string {
  const cells = RESULT_FIGURES.map((figure, index) => {
    const value = values[index] ?? null;
    const spread = figure.name === 'p95_ms' && p95 ? spreadText(p95.min, p95.max) : '';
    return value === null
      ? `<td>${showFigure(figure, null)}</td>`
      : `<td><data value="${value}" data-figure="${figure.name}">${showFigure(figure, value)}</data>${spread}</td>`;
  });
  return `<tr data-setting="${text(point.id)}"><th scope="row">${text(point.label)}</th><td>${repeats}</td><td>${requests}</td>${cells.join('')}</tr>`;
}

const spreadText = (min: number, max: number) =>
  ` <span class="small">(${showFigure({ kind: 'ms' }, min)}–${showFigure({ kind: 'ms' }, max)})</span>`;

const notes = (rows: readonly ResultRow[]): string =>
  rows
    .filter(({ endedEarly }) => endedEarly !== null)
    .map(({ point, endedEarly }) => `<p class="small">${text(`${point.label}: ${endedEarly}`)}</p>`)
    .join('\n');

const figure = ({ title, base64 }: ReportPicture): string =>
  `<figure><img src="data:image/png;base64,${base64}" alt="${text(title)}"></figure>`;

/** The run without its single requests, which `requests.csv` and `run.json` have. */
function digestOf(run: ExperimentRun, rows: readonly ResultRow[]) {
  return {
    ...run,
    units: run.units.map(({ records, ...unit }) => unit),
    results: rows.map(({ point, repeats, requests, values }) => ({
      setting: point.id,
      repeats,
      requests,
      ...Object.fromEntries(RESULT_FIGURES.map((figure, index) => [figure.name, values[index] ?? null])),
    })),
  };
}
