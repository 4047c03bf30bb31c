import { Button, Progress } from '@mantine/core';
import type { RunnerStatus } from '../../core/runner-status';
import { isSynthetic } from '../../model/synthetic/spec';
import type { LoadProgress } from '../../server/control';
import { formatBytes } from '../../store/format';
import type { ModelState } from '../../store/model-state';
import { useActions, useApp, useAttempt } from '../app-context';
import classes from './shell.module.css';

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
    case 'lost':
      return <Failed title={`${name} stopped answering`} message={model.error.message} />;
    case 'ready':
      return null;
  }
}

function Loading({ name, progress }: { readonly name: string; readonly progress: LoadProgress | null }) {
  const loaded = progress?.loadedBytes ?? 0;
  const total = progress?.totalBytes ?? null;
  const isCompiling = progress?.stage === 'compile';
  const made = isSynthetic(name);
  const verb = isCompiling ? 'Preparing' : made ? 'Making' : 'Loading';
  return (
    <>
      <p className={classes.overlayTitle}>
        {verb} {name}
      </p>
      <p>
        The model runs in this tab. Load starts by itself when it is ready; the first figures come a second
        later.
      </p>
      <Progress
        value={total ? (loaded / total) * 100 : 0}
        size="sm"
        aria-label={made ? 'Weights made' : 'Model download'}
        striped={isCompiling}
      />
      <p className={classes.bytes}>
        {formatBytes(loaded)}
        {total === null ? '' : ` of ${formatBytes(total)}`}
      </p>
    </>
  );
}

function Failed({ title, message }: { readonly title: string; readonly message: string }) {
  const actions = useActions();
  const attempt = useAttempt();
  const retry = () => attempt(() => actions.loadModel({}).catch(() => {}));
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
