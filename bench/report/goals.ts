import { policyRatio, saturatedTps } from '../figures/policy-ratios';
import { type Ratio, ratioOf } from '../figures/ratios';
import type { BackendReport, PeerWay } from './benchmark';
import { table, times } from './format';

interface Goal {
  readonly says: string;
  readonly of: (report: BackendReport) => Ratio | null;
  /** The ratio that is aimed at, by what computes; null where nothing is. */
  readonly wasm: number | null;
  readonly software: number | null;
  readonly gpu: number | null;
  /** A tail should be short, all else large. */
  readonly most?: true;
}

const policies = ({ policies: found }: BackendReport) => (found && 'ok' in found ? found.ok : null);

const peers = ({ peers: found }: BackendReport, over: PeerWay, under: PeerWay): Ratio | null =>
  found && 'ok' in found
    ? ratioOf(found.ok.rounds.map((round) => [round[over].tokensPerS, round[under].tokensPerS]))
    : null;

const GOALS: readonly Goal[] = [
  {
    says: 'continuous over static, saturated, tokens/s',
    of: (report) => policyRatio(policies(report)?.saturated ?? [], 'continuous', 'static', saturatedTps),
    wasm: 1.05,
    software: 1.3,
    gpu: 1.6,
  },
  {
    says: 'continuous over sequential, saturated, tokens/s',
    of: (report) => policyRatio(policies(report)?.saturated ?? [], 'continuous', 'sequential', saturatedTps),
    wasm: 1.5,
    software: 3,
    gpu: 8,
  },
  {
    says: "continuous over static at 0.8 of static's capacity, p95 latency",
    of: (report) =>
      policyRatio(policies(report)?.poisson ?? [], 'continuous', 'static', ({ p95Ms }) => p95Ms),
    wasm: 0.5,
    software: null,
    gpu: null,
    most: true,
  },
  {
    says: '16 concurrent requests over transformers.js one by one, tokens/s',
    of: (report) => peers(report, 'ours16', 'peer1'),
    wasm: 2,
    software: 4,
    gpu: 4,
  },
  {
    says: 'one request at a time over transformers.js one by one, tokens/s',
    of: (report) => peers(report, 'ours1', 'peer1'),
    wasm: 1,
    software: 1,
    gpu: 1,
  },
];

/** What the project set out to reach, beside what was measured; empty if nothing of it was. */
export function goalsTable(report: BackendReport): string {
  if ('failed' in report.served) return '';
  const { kind, software } = report.served.ok.adapter;
  const place = kind === 'wasm' ? 'wasm' : software ? 'software' : 'gpu';
  const rows = GOALS.flatMap((goal) => {
    const ratio = goal.of(report);
    const aim = goal[place];
    if (!ratio) return [];
    const reached = aim === null || (goal.most ? ratio.median <= aim : ratio.median >= aim);
    const wanted = aim === null ? '–' : `${goal.most ? 'at most' : 'at least'} ${times(aim)}`;
    return [
      [goal.says, times(ratio.median), spread(ratio), wanted, aim === null ? '' : reached ? 'yes' : 'no'],
    ];
  });
  if (rows.length === 0) return '';
  return table(['ratio', 'median', 'least … most', 'goal', 'reached'], rows);
}

export const spread = ({ least, most }: Ratio): string => `${times(least)} … ${times(most)}`;
