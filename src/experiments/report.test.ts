import { expect, test } from 'vitest';
import { simulatedPoint, simulatedRun } from '../simulator/simulated-run';
import { RESULT_FIGURES, resultsOf } from './figures';
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
const html = reportHtml(
  run,
  [{ title: 'A "plot"', base64: 'iVBORw0KGgo=' }],
  [{ passed: false, says: 'p95 is < worse.' }, { says: 'Found.' }],
);

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
  expect(html).toContain('alt="A &quot;plot&quot;"');
  expect(html).toContain('<b class="failed">No:</b> p95 is &lt; worse.');
  expect(html.match(/<script/g)).toHaveLength(1);
  expect(JSON.parse(embedded).name).toBe(run.name);
});

test('it needs nothing from anywhere', () => {
  expect(html).not.toMatch(/(src|href)="(?!data:)/);
  expect(html).toContain("default-src 'none'");
});
