import { Button, Progress } from '@mantine/core';
import type { LoadProgress } from '../../core/engine';
import type { RunnerStatus } from '../../core/runner-status';
import { isHub } from '../../model/directory/directory-name';
import { isSynthetic } from '../../model/synthetic/spec';
import type { ModelState } from '../../store/app-state';
import { formatBytes, formatDuration, formatWhole } from '../../store/format';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import classes from './live.module.css';

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
          className={kit.action}
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

/** Over the main chart while no model answers: how far the load is, or why there is none and what to do. */
export function ModelOverlay() {
  const model = useApp((state) => state.model);
  const server = useApp((state) => state.snapshot?.server ?? null);
  const rebuilding = server !== null && REBUILDING.includes(server.status);
  if (model.status === 'ready' && !rebuilding) return null;
  return (
    <div className={classes.overlay}>
      <div className={classes.overlayCard}>
        {model.status === 'ready' ? (
          <Rebuilding reason={server?.lastLoss?.reason ?? ''} />
        ) : (
          <OverlayContent model={model} />
        )}
      </div>
    </div>
  );
}

/** What the serving worker goes through, once a model was ready, when its device went away. */
const REBUILDING: readonly RunnerStatus[] = ['lost', 'loading', 'warming-up'];

function Rebuilding({ reason }: { readonly reason: string }) {
  return (
    <div role="alert">
      <p className={classes.overlayTitle}>The GPU went away</p>
      <p className={classes.reason}>{reason}</p>
      <p>
        Requests that were running have failed. The worker makes itself a new device and goes on with those in
        the queue.
      </p>
      <Progress value={100} size="sm" striped aria-label="Rebuilding" />
    </div>
  );
}

function Replacing({ reason }: { readonly reason: string }) {
  return (
    <div role="alert">
      <p className={classes.overlayTitle}>The serving worker is being replaced</p>
      <p className={classes.reason}>{reason}</p>
      <p>
        Requests that it held have failed, and so do those sent until the new worker has loaded the same
        model. The load goes on.
      </p>
      <Progress value={100} size="sm" striped aria-label="Replacing" />
    </div>
  );
}

function OverlayContent({ model }: { readonly model: ModelState }) {
  const name = useApp((state) => state.settings.model);
  switch (model.status) {
    case 'idle':
      return <p>No model yet.</p>;
    case 'loading':
      return <Loading name={name} progress={model.progress} />;
    case 'warming-up':
      return (
        <>
          <p className={classes.overlayTitle}>Warming up {name}</p>
          <p>Each shape of batch is run once, so that no request pays for it. Load starts right after.</p>
          <Progress value={100} size="sm" striped aria-label="Warming up" />
        </>
      );
    case 'replacing':
      return <Replacing reason={model.error.message} />;
    case 'failed':
      return <Failed title={`${name} could not be served`} message={model.error.message} />;
    case 'cancelled':
      return <Cancelled name={name} reached={model.reached} />;
    case 'lost':
      return <Failed title={`${name} stopped answering`} message={model.error.message} />;
    case 'ready':
      return null;
  }
}

function Loading({ name, progress }: { readonly name: string; readonly progress: LoadProgress | null }) {
  const waits = useApp((state) => state.tab.others.busy > 0);
  const verb = progress?.stage === 'compile' ? 'Preparing' : isSynthetic(name) ? 'Making' : 'Loading';
  return (
    <>
      <p className={classes.overlayTitle}>
        {verb} {name}
      </p>
      <p>
        The model runs in this tab.{' '}
        {waits
          ? 'Another tab is under load, so load waits here until you start it.'
          : 'Load starts by itself when it is ready; the first figures come a second later.'}
      </p>
      <LoadingProgress name={name} progress={progress} place="" />
    </>
  );
}

function Cancelled({ name, reached }: { readonly name: string; readonly reached: LoadProgress | null }) {
  const retry = useRetry();
  return (
    <>
      <p className={classes.overlayTitle}>{name} was not loaded</p>
      <p>
        You cancelled it{reached ? ` at ${formatBytes(reached.loadedBytes)}` : ''}.{' '}
        {isHub(name) ? 'What was downloaded is kept: loading it again goes on from there. ' : ''}
        Settings and finished points are kept.
      </p>
      <Button size="xs" onClick={retry}>
        Load it again
      </Button>
    </>
  );
}

function useRetry(): () => void {
  const actions = useActions();
  const attempt = useAttempt();
  return () => attempt(() => actions.loadModel({}).catch(() => {}));
}

function Failed({ title, message }: { readonly title: string; readonly message: string }) {
  const retry = useRetry();
  return (
    <div role="alert">
      <p className={classes.overlayTitle}>{title}</p>
      <p className={classes.reason}>{message}</p>
      <p>
        Settings and finished points are kept. Choose another model or backend in the settings, or try again.
      </p>
      <Button size="xs" onClick={retry}>
        Try again
      </Button>
    </div>
  );
}

/** Says that a measurement runs, since the settings rest meanwhile. */
export function MeasuringBanner() {
  const load = useApp((state) => state.load);
  if (load.status !== 'measuring') return null;
  const share = load.total > 0 ? (load.done / load.total) * 100 : 0;
  return (
    <div className={classes.measuring} role="status">
      <p>
        Measuring, repeat {load.repeat}: {formatWhole(load.done)} of {formatWhole(load.total)} done. Settings
        rest until it has ended.
      </p>
      <Progress value={share} size="sm" aria-label="Measurement progress" />
    </div>
  );
}
