import { medianOf } from '../../src/metrics/percentiles';
import { ratioOf } from '../figures/ratios';
import type { PeerFigures, PeerRun, PeerWay } from './benchmark';
import { figure, table, times } from './format';
import { spread } from './goals';

const SAYS: Readonly<Record<PeerWay, string>> = {
  ours16: 'Headway, 16 concurrent requests',
  ours1: 'Headway, one request at a time',
  peer1: 'transformers.js, one by one',
  peer16: 'transformers.js, padded batches of 16',
};

const RATIOS: readonly (readonly [PeerWay, PeerWay])[] = [
  ['ours16', 'peer1'],
  ['ours16', 'peer16'],
  ['ours1', 'peer1'],
];

export function peersTable(figures: PeerFigures): string {
  const { version, ortVersion, threads, requests, rounds, same } = figures;
  const median = (way: PeerWay, pick: (run: PeerRun) => number) =>
    figure(medianOf(rounds.map((round) => pick(round[way]))) ?? Number.NaN);
  const agreed = (way: PeerWay) => (way === 'ours1' ? '–' : `${same[way].same} of ${same[way].of}`);
  const ways = Object.keys(SAYS) as PeerWay[];
  return [
    `transformers.js ${version} with onnxruntime-web ${ortVersion}; WASM threads on both sides: ${threads}. ${requests} requests a round (one by one: the first quarter), ${rounds.length} rounds in turning order; only tokens that were asked for count.`,
    table(
      ['way', 'tokens/s', 'latency p50, ms', 'p95, ms', 'same tokens as Headway alone'],
      ways.map((way) => [
        SAYS[way],
        median(way, ({ tokensPerS }) => tokensPerS),
        median(way, ({ p50Ms }) => p50Ms),
        median(way, ({ p95Ms }) => p95Ms),
        agreed(way),
      ]),
    ),
    table(
      ['tokens/s', 'median', 'least … most'],
      RATIOS.map(([over, under]) => {
        const ratio = ratioOf(rounds.map((round) => [round[over].tokensPerS, round[under].tokensPerS]));
        return [
          `${SAYS[over]} over ${SAYS[under]}`,
          ratio ? times(ratio.median) : '–',
          ratio ? spread(ratio) : '–',
        ];
      }),
    ),
  ].join('\n\n');
}
