import { Progress } from '@mantine/core';
import type { LoadProgress } from '../../core/engine';
import { isHub } from '../../model/directory/directory-name';
import { isSynthetic } from '../../model/synthetic/spec';
import { formatBytes, formatDuration } from '../../store/format';
import { useActions } from '../app-context';
import buttons from '../kit/buttons.module.css';
import classes from './loading-progress.module.css';

interface LoadingProgressProps {
  /** Of the model that is loaded. */
  readonly name: string;
  readonly progress: LoadProgress | null;
  /** Where it stands, for its name: there may be two of them on the page. */
  readonly place: string;
}

/** How far the loading is: bytes, rate, time that remains, what is being mended; and the button that ends it. */
export function LoadingProgress({ name, progress, place }: LoadingProgressProps) {
  const actions = useActions();
  const loaded = progress?.loadedBytes ?? 0;
  const total = progress?.totalBytes ?? null;
  const isCompiling = progress?.stage === 'compile';
  return (
    <div className={classes.loading}>
      <Progress
        value={total ? (loaded / total) * 100 : 0}
        size="sm"
        aria-label={`${isSynthetic(name) ? 'Weights made' : 'Model download'}${place}`}
        striped={isCompiling}
      />
      <div className={classes.line}>
        <p className={classes.bytes}>
          <b>
            {formatBytes(loaded)}
            {total === null ? '' : ` of ${formatBytes(total)}`}
          </b>
          {pace(progress)}
        </p>
        <button
          type="button"
          className={buttons.action}
          aria-label={`Cancel loading${place}`}
          onClick={() => actions.cancelLoad()}
        >
          Cancel
        </button>
      </div>
      {progress?.trouble ? <p role="status">{progress.trouble}</p> : null}
      {isHub(name) && !isCompiling ? <p>What has arrived is kept, also when you cancel.</p> : null}
    </div>
  );
}

/** " · 12.3 MB/s · 40 s left" */
function pace(progress: LoadProgress | null): string {
  if (progress?.stage === 'compile') return ' · being prepared';
  const { bytesPerS = null, totalBytes = null, loadedBytes = 0 } = progress ?? {};
  if (bytesPerS === null) return '';
  if (bytesPerS === 0) return ' · nothing comes just now';
  const rate = ` · ${formatBytes(bytesPerS)}/s`;
  if (totalBytes === null || loadedBytes >= totalBytes) return rate;
  return `${rate} · ${formatDuration(((totalBytes - loadedBytes) / bytesPerS) * 1000)} left`;
}
