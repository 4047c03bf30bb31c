import type { ExperimentRun } from '../core/experiment';
import { type ExportFile, sweepFiles } from '../experiments/files';
import { conclusionsOf } from '../experiments/presets';
import { type ReportSentence, reportHtml } from '../experiments/report';
import { base64Of } from './base64';
import type { DrawPlots } from './experiments-state';

/** Every file of a run's export: its texts, its plots, and the report that holds both. */
export async function exportFiles(run: ExperimentRun, drawPlots: DrawPlots): Promise<readonly ExportFile[]> {
  const pictures = await drawPlots(run);
  const report = reportHtml(
    run,
    pictures.map(({ title, png }) => ({ title, base64: base64Of(png) })),
    sentencesOf(run),
  );
  return [
    ...sweepFiles(run),
    ...pictures.map(({ name, png }) => ({ name, content: png })),
    { name: 'report.html', content: report },
  ];
}

function sentencesOf(run: ExperimentRun): readonly ReportSentence[] {
  const { checks, regime, findings } = conclusionsOf(run);
  return [
    ...checks.map(({ passed, claim, says }) => ({ passed, says: `${claim} ${says}` })),
    ...[...findings, ...(regime === null ? [] : [regime])].map((says) => ({ says })),
  ];
}
