import type { BenchSummary } from '../src/core/experiment';
import type { Interval, Percentiles } from '../src/core/figures';

/** The summary for people. What was not measured is a dash, never 0. */
export function summaryTable(summary: BenchSummary): string {
  const { adapter, model, config } = summary;
  return [
    `${model.name} on ${adapter.kind}: ${adapter.name}${adapter.software ? ' (software)' : ''}`,
    Object.entries(config)
      .map(([name, value]) => `${name} ${value}`)
      .join('  '),
    '',
    ...rows(summary).map(([name, value]) => `${name.padEnd(20)}${value}`),
    '',
    `${''.padEnd(20)}${['mean', 'p50', 'p95', 'p99'].map((head) => head.padStart(10)).join('')}`,
    ...spreads(summary).map(([name, figures]) => `${name.padEnd(20)}${figures}`),
    '',
  ].join('\n');
}

const figure = (value: number | null, digits = 1) => (value === null ? '–' : value.toFixed(digits));
const interval = (bounds: Interval | null | undefined) =>
  bounds ? bounds.map((ms) => figure(ms)).join(' to ') : '–';
const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

function rows(s: BenchSummary): readonly (readonly [string, string])[] {
  return [
    ['requests', s.repeats === 1 ? `${s.requests}` : `${s.requests} in each of ${s.repeats} repeats`],
    [s.repeats === 1 ? 'outcomes' : 'worst repeat', outcomes(s)],
    ['throughput', `${figure(s.throughput_rps)} requests/s, ${figure(s.throughput_tps)} tokens/s`],
    ['goodput', `${figure(s.goodput_rps)} requests/s, ${percent(s.slo_attainment)} within the SLO`],
    ['p95 by repeat, ms', s.p95_ms_by_repeat.map((p95) => figure(p95)).join(', ')],
    ['p95 interval, ms', interval(s.latency_interval_ms?.p95)],
    ['mean batch fill', figure(s.mean_batch_fill, 2)],
    ['wasted tokens', percent(s.wasted_token_share)],
    ['send lag, ms', figure(s.send_lag_ms, 2)],
    ['verdict', s.saturation ?? '–'],
    ["Little's law error", `${percent(s.littles_law_error)} of mean in flight = throughput × mean time`],
  ];
}

const outcomes = (s: BenchSummary) =>
  `${s.ok} ok, ${s.rejected} rejected, ${s.expired} expired, ${s.cancelled} cancelled, ${s.failed} failed`;

function spreads(s: BenchSummary): readonly (readonly [string, string])[] {
  const line = (p: Percentiles | null) =>
    (p === null ? [null, null, null, null] : [p.mean, p.p50, p.p95, p.p99])
      .map((value) => figure(value).padStart(10))
      .join('');
  return [
    ['latency, ms', line(s.latency_ms)],
    ['first token, ms', line(s.ttft_ms)],
    ['per token, ms', line(s.tpot_ms)],
    ['between tokens, ms', line(s.itl_ms)],
    ['queue, ms', line(s.queue_ms)],
  ];
}
