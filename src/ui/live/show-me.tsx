import { Button, CloseButton, Progress } from '@mantine/core';
import { useClipboard } from '@mantine/hooks';
import { linkTo } from '../../store/link';
import { useApp, useAttempt, useShow, useShowState } from '../app-context';
import kit from '../kit/kit.module.css';
import classes from './live.module.css';

/** Starts the 30 seconds. While they run it is the way to end them. */
export function ShowMeButton({ className }: { readonly className: string }) {
  const show = useShow();
  const { kind } = useShowState();
  const isFree = useApp((state) => state.load.status !== 'measuring');
  const attempt = useAttempt();
  const isRunning = kind === 'waiting' || kind === 'running';
  return (
    <Button
      size="xs"
      className={className}
      {...(kind === 'idle' ? {} : { variant: 'default' })}
      disabled={!isFree}
      onClick={() => attempt(isRunning ? show.stop : show.start)}
    >
      {isRunning ? 'Skip' : 'Show me · 30 s'}
    </Button>
  );
}

/** What the 30 seconds do at the moment, and the sentence that they end with. */
export function ShowMePanel() {
  const show = useShow();
  const state = useShowState();
  const settings = useApp((page) => page.settings);
  const attempt = useAttempt();
  const { copy, copied } = useClipboard({ timeout: 3000 });
  if (state.kind === 'idle') return null;
  const isRunning = state.kind === 'waiting' || state.kind === 'running';
  return (
    <section className={classes.show} aria-label="Show me" data-kind={state.kind}>
      <div className={classes.showWords} role="status">
        {state.kind === 'waiting' ? (
          <p>Three policies in 30 seconds, as soon as the model is ready.</p>
        ) : null}
        {state.kind === 'running' ? (
          <p>
            <b>{TURN[state.policy]}</b> {state.clients} clients that always want an answer.
          </p>
        ) : null}
        {state.kind === 'said' ? <p className={classes.sentence}>{state.says}</p> : null}
        {state.kind === 'failed' ? <p>{state.says}</p> : null}
      </div>
      {state.kind === 'running' ? (
        <Progress
          className={classes.showProgress ?? ''}
          value={state.done * 100}
          size="sm"
          aria-label="Progress of Show me"
        />
      ) : null}
      <div className={kit.buttons}>
        {isRunning ? (
          <Button size="compact-sm" variant="default" onClick={() => attempt(show.stop)}>
            Skip
          </Button>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => attempt(show.start)}>
            Again
          </Button>
        )}
        {state.kind === 'said' ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => copy(`${linkTo(settings).replace(/#.*/, '')}&show-me=on#live`)}
          >
            {copied ? 'Copied' : 'Copy link'}
          </Button>
        ) : null}
        <FullScreen />
        {isRunning ? null : <CloseButton size="sm" aria-label="Close Show me" onClick={show.close} />}
      </div>
    </section>
  );
}

const TURN = {
  sequential: 'Sequential: one request at a time.',
  static: 'Static: a batch runs until its longest answer has ended.',
  continuous: 'Continuous: requests join and leave between two tokens.',
} as const;

/** The picture over the whole screen, where the browser allows it. */
function FullScreen() {
  if (!document.fullscreenEnabled) return null;
  const toggle = (element: Element) =>
    document.fullscreenElement ? document.exitFullscreen() : element.closest('main')?.requestFullscreen();
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={({ currentTarget }) => {
        // A browser that refuses it leaves the page as it is.
        toggle(currentTarget)?.catch(() => {});
      }}
    >
      Full screen
    </Button>
  );
}
