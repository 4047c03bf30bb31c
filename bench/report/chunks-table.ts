import { medianOf } from '../../src/metrics/percentiles';
import type { ChunkFigures, ChunkLoad, ChunkRun } from './benchmark';
import { figure, table, times } from './format';

type Figure = Exclude<keyof ChunkRun, 'chunk'>;

/** ITL against TTFT over the size of chunks, each over the largest, too. */
export function chunksTable({ model, requests, chunks, loads }: ChunkFigures): string {
  return [
    `${model}; ${requests} requests, Poisson: one in six with a prompt of 700 tokens, the others with 16, answers of 64. Medians of ${loads[0]?.repeats.length ?? 0} runs, the sizes next to each other in time.`,
    ...loads.flatMap((load) => [`${load.rate} requests/s:`, loadTable(load, chunks)]),
  ].join('\n\n');
}

function loadTable({ repeats }: ChunkLoad, chunks: readonly number[]): string {
  const median = (chunk: number, name: Figure) =>
    medianOf(repeats.flat().flatMap((run) => (run.chunk === chunk ? run[name] : []))) ?? Number.NaN;
  const largest = Math.max(...chunks);
  const over = (chunk: number, name: Figure) => times(median(chunk, name) / median(largest, name));
  return table(
    [
      'prompt tokens a step',
      'ITL p50, ms',
      'ITL p99, ms',
      `over ${largest}`,
      'TTFT p50, ms',
      'TTFT p95, ms',
      `over ${largest}`,
      'p95, ms',
    ],
    chunks.map((chunk) => [
      `${chunk}`,
      figure(median(chunk, 'itlP50Ms')),
      figure(median(chunk, 'itlP99Ms')),
      over(chunk, 'itlP99Ms'),
      figure(median(chunk, 'ttftP50Ms')),
      figure(median(chunk, 'ttftP95Ms')),
      over(chunk, 'ttftP95Ms'),
      figure(median(chunk, 'p95Ms')),
    ]),
  );
}
