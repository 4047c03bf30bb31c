import type { BenchSummary } from '../src/core/experiment';
import type { Interval, Percentiles } from '../src/core/figures';
import { DEFAULT_LOAD_CONFIG } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG } from '../src/core/serving-config';
import { changedFlags } from '../src/experiments/parameters';

/** The summary as a table. What was not measured is a dash, never 0. @param written the files that it stands in, too */
export function summaryTable(summary: BenchSummary, written: readonly string[] = []): string {
  const { adapter, model, config } = summary;
  const changed = changedFlags({ ...DEFAULT_SERVING_CONFIG, ...DEFAULT_LOAD_CONFIG }, config);
  return [
    `${model.name} on ${adapter.kind}: ${adapter.name}${adapter.software ? ' (software)' : ''}`,
    changed === '' ? 'all parameters at their defaults' : `parameters off their defaults: ${changed}`,
    '',
    ...rows(summary).map(([name, value]) => `${name.padEnd(20)}${value}`),
    '',
    `${''.padEnd(20)}${['mean', 'p50', 'p95', 'p99'].map((head) => head.padStart(10)).join('')}`,
    ...spreads(summary).map(([name, figures]) => `${name.padEnd(20)}${figures}`),
    ...(written.length > 0 ? ['', `Written: ${written.join(', ')}`] : []),
    '',
  ].join('\n');
}

const figure = (value: number | null, digits = 1) => (value === null ? '–' : value.toFixed(digits));
const interval = (bounds: Interval | null | undefined) =>
  bounds ? bounds.map((ms) => figure(ms)).join(' to ') : '–';
const percent = (share: number | null) => (share === null ? '–' : `${(share * 100).toFixed(1)} %`);

function rows(s: BenchSummary): readonly (readonly [string, string])[] {
  return [
    ['requests', each(`${s.requests}`, s)],
    [s.repeats === 1 ? 'outcomes' : 'worst repeat', outcomes(s)],
    ['duration, s', each(figure(durationOf(s), 2), s)],
    ['throughput', `${figure(s.throughput_rps, 2)} requests/s`],
    ['input tokens', `${figure(s.input_tps)} tokens/s`],
    ['output tokens', `${figure(s.throughput_tps)} tokens/s`],
    ['total tokens', `${figure(s.total_tps)} tokens/s`],
    ['goodput', `${figure(s.goodput_rps)} requests/s, ${percent(s.slo_attainment)} within the SLO`],
    ['E2E p95 by repeat', s.p95_ms_by_repeat.map((p95) => figure(p95)).join(', ')],
    ['E2E p95 interval', interval(s.latency_interval_ms?.p95)],
    ['mean batch fill', figure(s.mean_batch_fill, 2)],
    ['wasted tokens', percent(s.wasted_token_share)],
    [
      'send lag, ms',
      `${figure(s.send_lag_ms, 2)}${s.send_lag_share === null ? '' : `, ${percent(s.send_lag_share)} of all latency`}`,
    ],
    ['verdict', s.saturation ?? '–'],
    ["Little's law error", `${percent(s.littles_law_error)} of mean in flight = throughput × mean time`],
  ];
}

const each = (amount: string, { repeats }: BenchSummary) =>
  repeats === 1 ? amount : `${amount} in each of ${repeats} repeats`;

/** The measured interval of a repeat, as throughput takes it. */
const durationOf = ({ ok, throughput_rps }: BenchSummary) => (throughput_rps ? ok / throughput_rps : null);

const outcomes = (s: BenchSummary) =>
  `${s.ok} ok, ${s.rejected} rejected, ${s.expired} expired, ${s.cancelled} cancelled, ${s.failed} failed`;

function spreads(s: BenchSummary): readonly (readonly [string, string])[] {
  const line = (p: Percentiles | null) =>
    (p === null ? [null, null, null, null] : [p.mean, p.p50, p.p95, p.p99])
      .map((value) => figure(value).padStart(10))
      .join('');
  return [
    ['E2E latency, ms', line(s.latency_ms)],
    ['TTFT, ms', line(s.ttft_ms)],
    ['TPOT, ms', line(s.tpot_ms)],
    ['ITL, ms', line(s.itl_ms)],
    ['queue, ms', line(s.queue_ms)],
  ];
}
