import type { ExperimentRun } from '../core/experiment';
import type { ExportFile } from '../experiments/export';
import type { DrawPlots } from './experiments-state';

/** Bytes as text. Piece by piece: a call takes only so many arguments. */
export function base64Of(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(binary);
}

/** Every file of a run's export: its texts, and its plots for print. */
export async function exportFiles(run: ExperimentRun, drawPlots: DrawPlots): Promise<readonly ExportFile[]> {
  // With the report, whose plots are nothing that the page begins with.
  const { sweepFiles } = await import('../experiments/export');
  const pictures = await drawPlots(run);
  return [...sweepFiles(run), ...pictures.map(({ name, png }) => ({ name, content: png }))];
}
