import { limitsOf } from '../figures/limits';
import type { BackendReport, Benchmark, Measured, Served } from './benchmark';
import { ceilingsTable } from './ceilings-table';
import { chunksTable } from './chunks-table';
import { figure, scaled } from './format';
import { goalsTable } from './goals';
import { peersTable } from './peers-table';
import { policiesTable } from './policies-table';
import { fullCopyTable, stepsTable } from './steps-table';

/** `benchmark.md`: all that was measured, for people. */
export function benchmarkMarkdown(benchmark: Benchmark): string {
  const { model, browser, machine, revision, started_at, arguments: args } = benchmark;
  const command = ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ');
  return `${[
    `\`${command}\`: ${model}, ${browser}, ${machine.cpu} with ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, revision ${revision}, ${started_at.slice(0, 16).replace('T', ' ')} UTC.`,
    ...benchmark.backends.flatMap(backendParts),
  ].join('\n\n')}\n`;
}

function backendParts(report: BackendReport): readonly string[] {
  const { backend, served } = report;
  if ('failed' in served) return [`### ${backend}`, `Not measured: ${served.failed}`];
  const { model } = served.ok;
  const limits = limitsOf(served.ok, report.ceilings);
  const goals = goalsTable(report);
  return [
    `### ${title(served.ok)}`,
    facts(served.ok, report.seconds),
    ...(goals ? ['#### Goals', goals] : []),
    ...part('Ceilings', report.ceilings, ceilingsTable),
    ...(report.steps
      ? [
          '#### Decode step',
          `Median of the step's time (least), tokens per second${limits ? ', share of the physical limit' : ''}.`,
          stepsTable(report.steps, model, limits),
        ]
      : []),
    ...(report.fullCopy ? ['#### Against the full copy', fullCopyTable(report.fullCopy)] : []),
    ...part('Policies under one load', report.policies, (found) => policiesTable(found, model, limits)),
    ...part('Against transformers.js', report.peers, peersTable),
    ...part('Long prompts beside decodes', report.chunks, chunksTable),
  ];
}

function part<Figures>(
  name: string,
  measured: Measured<Figures> | null,
  show: (figures: Figures) => string,
): readonly string[] {
  if (!measured) return [];
  return [`#### ${name}`, 'ok' in measured ? show(measured.ok) : `Failed: ${measured.failed}`];
}

function title({ adapter }: Served): string {
  if (adapter.kind === 'wasm') return adapter.name;
  return `WebGPU, ${adapter.software ? '' : 'a real GPU: '}${adapter.name}`;
}

function facts({ model, dispatches, note }: Served, seconds: number): string {
  const kernels = dispatches === null ? '' : `, ${dispatches} kernels dispatched a decode step`;
  return [
    `${figure(model.parameters / 1e6)} million parameters that each token is multiplied with, ${scaled(model.weightBytes, 'B')} of weights, ${scaled(model.cacheBytesPerToken, 'B')} of cache a token; ${model.nodes} nodes in the serving graph${kernels}. Model's SHA-256 ${model.sha256.slice(0, 12)}. Measured in ${figure(seconds / 60)} minutes.`,
    ...(note ? [note] : []),
  ].join(' ');
}
