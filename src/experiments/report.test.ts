import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { sweepFiles } from './export';
import { RESULT_FIGURES, resultsOf } from './figures';
import { gridExperiment } from './grid';
import { presetOf } from './presets';
import { reportHtml } from './report';

const turn = async () => {
  await null;
  await new Promise<void>((resolve) => process.nextTick(resolve));
};
const run = await simulatedRun(
  turn,
  [1, 4].map((maxBatch) => simulatedPoint(`b${maxBatch}`, { serving: { maxBatch } })),
  { name: 'Mine & <script>alert("x")</script>' },
);
const html = reportHtml(run);

const embedded = /<script type="application\/json" id="headway-run">(.*?)<\/script>/s.exec(html)?.[1] ?? '';

test('the table’s figures are the JSON’s, to the last digit', () => {
  const { results } = JSON.parse(embedded) as { results: Record<string, number | string | null>[] };
  expect(results.map(({ setting }) => setting)).toEqual(['b1', 'b4']);
  for (const row of results) {
    const line =
      html.split('\n').find((candidate) => candidate.includes(`data-setting="${row.setting}"`)) ?? '';
    const shown = [...line.matchAll(/<data value="([^"]+)" data-figure="([^"]+)">/g)];
    expect(shown.length).toBeGreaterThan(5);
    for (const [, value, name] of shown) expect(Number(value)).toBe(row[name ?? '']);
    expect(shown).toHaveLength(RESULT_FIGURES.filter(({ name }) => row[name] !== null).length);
  }
  expect(results[0]?.p95_ms).toBe(resultsOf(run)[0]?.values[3]);
});

test('the JSON holds the settings and summaries, and no single request', () => {
  const digest = JSON.parse(embedded);
  expect(digest.points).toEqual(JSON.parse(JSON.stringify(run.points)));
  expect(digest.units).toHaveLength(run.units.length);
  expect(digest.units[0].summary).toEqual(JSON.parse(JSON.stringify(run.units[0]?.summary)));
  expect(digest.units[0]).not.toHaveProperty('records');
});

test('names and sentences are text, whatever is in them', () => {
  expect(html).toContain('<h1>Mine &amp; &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;</h1>');
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(JSON.parse(embedded).name).toBe(run.name);
  const hostile = { ...run, points: run.points.map((point) => ({ ...point, label: '"><img src=x>' })) };
  expect(reportHtml(hostile)).not.toContain('<img');
});

test('it needs nothing from anywhere, and no script', () => {
  expect(html).not.toMatch(/(src|href)=/);
  expect(html).toContain("default-src 'none'; style-src 'unsafe-inline'\"");
});

test('every measured point is drawn with its setting and figures to be read by pointing at it', () => {
  const figure = /<figure aria-label="Throughput against max batch">.*?<\/figure>/s.exec(html)?.[0] ?? '';
  const said = [...figure.matchAll(/<title>([^<]+)<\/title>/g)].map(([, text]) => text);
  expect(said).toHaveLength(2);
  expect(said[0]).toMatch(/^b1: Throughput, requests\/s [\d.]+ \([\d.]+ to [\d.]+\)$/);
  expect(html).not.toMatch(/NaN|undefined|Infinity/);
});

test('both schemes have colours of their own', () => {
  for (const name of ['.s0', '.s1', '--text', '--ground']) {
    expect(html).toMatch(new RegExp(`${name.replace('.', '\\.')}[^;]*light-dark\\(`));
  }
});

test('the command that measures it again: its own, its preset, or its points as a grid file', () => {
  const argumentsOf = ['sweep', '--preset', 'lab-02', '--out', "my 'runs'"];
  const typed = { ...run, environment: { ...run.environment, arguments: argumentsOf } };
  expect(reportHtml(typed)).toContain(
    'npm run headway -- sweep --preset lab-02 --out &#39;my &#39;\\&#39;&#39;runs&#39;\\&#39;&#39;&#39;',
  );
  const { name, title } = presetOf('lab-02');
  expect(reportHtml({ ...run, experiment: name, title })).toContain(
    'npm run headway -- sweep --preset lab-02 --seed 1 --repeats 2 --requests 50 --model simulated',
  );
  expect(html).toContain('npm run headway -- sweep --grid grid.json --seed 1 --repeats 2 --model simulated');
  const grid = sweepFiles(run).find((file) => file.name === 'grid.json');
  const again = gridExperiment(JSON.parse(grid?.content ?? ''), 'grid.json');
  expect(again.points.map(({ serving, load, requests }) => ({ serving, load, requests }))).toEqual(
    run.points.map(({ serving, load, requests }) => ({ serving, load, requests })),
  );
});
