import type { ExperimentRun } from '../core/experiment';
import { type ExportFile, sweepFiles } from '../experiments/files';
import type { DrawPlots } from './experiments-state';

/** Every file of a run's export: its texts, and its plots for print. */
export async function exportFiles(run: ExperimentRun, drawPlots: DrawPlots): Promise<readonly ExportFile[]> {
  const pictures = await drawPlots(run);
  return [...sweepFiles(run), ...pictures.map(({ name, png }) => ({ name, content: png }))];
}
