import { useEffect } from 'react';
import { useActions } from '../app-context';

/** A file dropped outside the places for files would replace the page: this prevents it, and a notice names the places. */
export function useDropGuard(): void {
  const actions = useActions();
  useEffect(() => {
    const isFile = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (isFile(event)) event.preventDefault();
    };
    const drop = (event: DragEvent) => {
      // Whoever takes one has said so before it comes up here.
      if (event.defaultPrevented || !isFile(event)) return;
      event.preventDefault();
      const [file] = event.dataTransfer?.files ?? [];
      actions.reportProblem({
        code: 'invalid-request',
        message: `${file ? `"${file.name}"` : 'The file'} was dropped where files are not read. A run goes to Kept runs under Experiments, a trace to the load’s settings with Arrival at trace, a model’s directory to the model’s settings.`,
      });
    };
    addEventListener('dragover', over);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('drop', drop);
    };
  }, [actions]);
}
