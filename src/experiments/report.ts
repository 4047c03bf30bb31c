import type { ExperimentRun } from '../core/experiment';
import { axisTitle, RESULT_FIGURES, type ResultRow, resultsOf, showFigure } from './figures';
import { plotsOf } from './plots/plots-of';
import { escapeHtml, PLOT_STYLE, plotFigure } from './plots/svg';
import { conclusionsOf } from './presets';
import { smallPrint } from './provenance';
import { repeatCommand } from './repeat';

/** JSON as it may stand in a script element: nothing in it can end the element or begin a comment. */
const scriptJson = (value: unknown): string =>
  JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');

/** The report's style: readable on a screen in both schemes, and on paper. */
const REPORT_STYLE = `
:root { color-scheme: light dark; --text: light-dark(#141a21, #e7ecf2); --muted: light-dark(#4c5865, #a9b4c0);
  --line: light-dark(#d3dae2, #2a333e); --ground: light-dark(#ffffff, #0d1116); --bad: light-dark(#b3123f, #ff7d97);
  --good: light-dark(#00795a, #3fc79d); }
body { margin: 0 auto; max-width: 1200px; padding: 24px 20px 60px; background: var(--ground); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
h1 { margin: 0 0 4px; font-size: 24px; }
h2 { margin: 32px 0 8px; font-size: 17px; }
p { margin: 6px 0; max-width: 76ch; }
.small { color: var(--muted); font-size: 12.5px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: 13px; text-align: right; white-space: nowrap; }
th, td { padding: 4px 8px; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--muted); font-weight: 500; vertical-align: bottom; white-space: normal; }
th:first-child { text-align: left; font-weight: 500; }
figure { margin: 20px auto; max-width: 960px; break-inside: avoid; }
code { font: 13px ui-monospace, monospace; overflow-wrap: anywhere; }
li { margin: 4px 0; }
.passed { color: var(--good); font-weight: 600; }
.failed { color: var(--bad); font-weight: 600; }
@media print { :root { color-scheme: light; } body { max-width: none; padding: 0; } table { font-size: 10px; } }
${PLOT_STYLE}`;

/** What was found, in sentences; of a check also whether it holds, null where that cannot be said. */
interface Sentence {
  readonly passed?: boolean | null;
  readonly says: string;
}

/**
 * A run as one HTML file that needs nothing else: it opens from disk, without a network, in light, dark and print. The
 * figures stand in a table and, with every setting and summary but without single requests, as JSON in `#headway-run`.
 */
export function reportHtml(run: ExperimentRun): string {
  const rows = resultsOf(run);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapeHtml(run.name)} – Headway</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(run.name)}</h1>
<p>${escapeHtml(run.says)}</p>
${smallPrint(run)
  .map((line) => `<p class="small">${escapeHtml(line)}</p>`)
  .join('\n')}
${findings(sentencesOf(run))}
${repeating(run)}
<h2>Results</h2>
<p class="small">Medians over the repeats; p95 with its least and greatest.</p>
<div class="scroll" tabindex="0" role="region" aria-label="Results"><table>
<thead><tr><th scope="col">Setting</th><th scope="col">Repeats</th><th scope="col">Requests</th>${RESULT_FIGURES.map(
    (figure) => `<th scope="col">${escapeHtml(axisTitle(figure))}</th>`,
  ).join('')}</tr></thead>
<tbody>
${rows.map(tableRow).join('\n')}
</tbody>
</table></div>
${notes(rows)}
<h2>Plots</h2>
${plotsOf(run).map(plotFigure).join('\n')}
</main>
<script type="application/json" id="headway-run">${scriptJson(digestOf(run, rows))}</script>
</body>
</html>
`;
}

function sentencesOf(run: ExperimentRun): readonly Sentence[] {
  const { checks, regime, findings } = conclusionsOf(run);
  return [
    ...checks.map(({ passed, claim, says }) => ({ passed, says: `${claim} ${says}` })),
    ...[...findings, ...(regime === null ? [] : [regime])].map((says) => ({ says })),
  ];
}

function repeating(run: ExperimentRun): string {
  const { command, grid } = repeatCommand(run);
  const file = grid === null ? '' : ' <span class="small">grid.json is beside this report</span>';
  return `<h2>To measure it again</h2>\n<p><code>${escapeHtml(command)}</code>${file}</p>`;
}

function findings(sentences: readonly Sentence[]): string {
  if (sentences.length === 0) return '';
  const items = sentences.map(({ passed, says }) => `<li>${verdict(passed)}${escapeHtml(says)}</li>`);
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
  return `<tr data-setting="${escapeHtml(point.id)}"><th scope="row">${escapeHtml(point.label)}</th><td>${repeats}</td><td>${requests}</td>${cells.join('')}</tr>`;
}

const spreadText = (min: number, max: number) =>
  ` <span class="small">(${showFigure({ kind: 'ms' }, min)}–${showFigure({ kind: 'ms' }, max)})</span>`;

const notes = (rows: readonly ResultRow[]): string =>
  rows
    .filter(({ endedEarly }) => endedEarly !== null)
    .map(({ point, endedEarly }) => `<p class="small">${escapeHtml(`${point.label}: ${endedEarly}`)}</p>`)
    .join('\n');

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
