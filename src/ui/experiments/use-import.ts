import { readRunFile } from '../../experiments/run-file';
import { useActions, useAttempt } from '../app-context';
import { goTo } from '../shell/use-place';

/** Reads exported files back and shows the last of them; what is wrong with one is said, and the others are read. */
export function useImport(): (files: readonly File[]) => void {
  const actions = useActions();
  const attempt = useAttempt();
  const importFile = async (file: File) => {
    const run = await actions.importRun(readRunFile(file.name, new Uint8Array(await file.arrayBuffer())));
    goTo({ page: 'experiments', item: run.id });
  };
  return (files) => {
    for (const file of files) attempt(() => importFile(file));
  };
}
