import { type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { type RefObject, useId, useRef } from 'react';
import type { Adapter } from '../core/backend';
import { useActions, useApp, useAttempt } from './app-context';
import { goTo, hashOf, PAGES, type PageName } from './kit/place';
import { LoadControls, useBurstSize } from './live/load-controls';
import type { SettingsSheet } from './live/rail';
import { ShowMeButton } from './live/show-me';
import classes from './top-bar.module.css';

interface AdapterBadgeProps {
  readonly adapter: Adapter;
  /** Why this adapter was chosen, where there is something to say. */
  readonly note: string | null;
}

/** What really computes, so that no figure passes for another machine's. */
function AdapterBadge({ adapter, note }: AdapterBadgeProps) {
  const { word, means } = ADAPTER_SAYS[adapter.software ? 'software' : adapter.kind];
  return (
    <Tooltip label={[`${adapter.name}.`, means, note].filter(Boolean).join(' ')}>
      <button type="button" className={classes.badge} data-real={word === 'GPU' || undefined}>
        {word}
      </button>
    </Tooltip>
  );
}

const ADAPTER_SAYS = {
  webgpu: { word: 'GPU', means: 'WebGPU on a real graphics adapter.' },
  software: {
    word: 'Software GPU',
    means: 'WebGPU computed on the CPU: figures say nothing about a graphics card.',
  },
  wasm: {
    word: 'CPU (WASM)',
    means:
      'WebAssembly on the CPU: figures say nothing about a graphics card. For WebGPU, turn on graphics acceleration in the browser, and update browser and driver.',
  },
  remote: { word: 'Remote', means: 'A server at this address, seen from its client.' },
  simulated: { word: 'Simulated', means: 'Not a measurement.' },
} as const;

const TITLE: Readonly<Record<PageName, string>> = {
  live: 'Live',
  experiments: 'Experiments',
  compare: 'Compare',
  lessons: 'Lessons',
};

interface PageNavProps {
  readonly page: PageName;
}

/** The page's tabs, as links: each has an address. */
function PageNav({ page }: PageNavProps) {
  const measuring = useApp((state) => state.experiments.active?.status ?? null);
  return (
    <nav className={classes.pages} aria-label="Pages">
      {PAGES.map((name) => (
        <a
          key={name}
          href={hashOf({ page: name, item: null })}
          aria-current={name === page ? 'page' : undefined}
        >
          {TITLE[name]}
          {name === 'experiments' && measuring ? <Underway status={measuring} /> : null}
        </a>
      ))}
    </nav>
  );
}

function Underway({ status }: { readonly status: string }) {
  return (
    <svg width="8" height="8" role="img" aria-label={status}>
      <circle cx="4" cy="4" r="3.5" fill="var(--hw-accent)" />
    </svg>
  );
}

/** What follows each, in turn. */
const NEXT_SCHEME: Readonly<Record<MantineColorScheme, MantineColorScheme>> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};

/** Changes to the next colour scheme. */
function useNextColorScheme(): () => void {
  // To hold them back for the change, Mantine would write a <style> element, which the security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return () => setColorScheme(NEXT_SCHEME[colorScheme]);
}

const WORD: Readonly<Record<MantineColorScheme, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

/** Auto, light, dark, in turn. */
function ColorSchemeButton() {
  const { colorScheme } = useMantineColorScheme();
  const goToNext = useNextColorScheme();
  return (
    <button
      type="button"
      className={classes.scheme}
      aria-label={`${WORD[colorScheme]} colours; change to ${WORD[NEXT_SCHEME[colorScheme]].toLowerCase()}`}
      onClick={goToNext}
    >
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d={SHAPE[colorScheme]} fill="currentColor" />
      </svg>
      <span aria-hidden="true">{WORD[colorScheme]}</span>
    </button>
  );
}

/** A half disc for auto, none for light, a whole one for dark. */
const SHAPE: Readonly<Record<MantineColorScheme, string>> = {
  auto: 'M8 3a5 5 0 0 1 0 10z',
  light: '',
  dark: 'M8 3a5 5 0 0 1 0 10a5 5 0 0 1 0-10z',
};

/** What keys do, for the page and for the help dialog. Single keys, so they can be turned off. */
const SHORTCUTS = [
  { keys: 'S', does: 'Start the load, or stop it' },
  { keys: 'P', does: 'Pause the load, or let it go on' },
  { keys: 'B', does: 'Send a burst' },
  { keys: 'D', does: 'Next colour scheme: auto, light, dark' },
  { keys: `1 – ${PAGES.length}`, does: 'The pages, in the order in which they stand' },
  { keys: '?', does: 'This list' },
] as const;

const FIELDS = ['INPUT', 'TEXTAREA', 'SELECT'];

/** Whether the keys are in force: on, unless they were turned off in this browser. */
const useShortcutsOn = () => useLocalStorage<boolean>({ key: 'headway-shortcuts', defaultValue: true });

/** Puts the keys in force. In a field, in a dialog and while a key is held down they do nothing. */
function useShortcuts(showList: () => void): void {
  const [on] = useShortcutsOn();
  const status = useApp((state) => state.load.status);
  const actions = useActions();
  const attempt = useAttempt();
  const [burst] = useBurstSize();
  const nextScheme = useNextColorScheme();
  const goes = status === 'running' || status === 'paused';
  const doing: readonly (readonly [string, () => void])[] = [
    ['S', () => attempt(goes ? actions.stopLoad : actions.startLoad)],
    ['P', () => attempt(status === 'paused' ? actions.resumeLoad : actions.pauseLoad)],
    ['B', () => attempt(() => actions.burst(burst))],
    ['D', nextScheme],
    ['shift+?', showList],
    ...PAGES.map((page, index) => [String(index + 1), () => goTo({ page, item: null })] as const),
  ];
  useHotkeys(
    doing.map(([key, act]) => [
      key,
      (event) => {
        if (on && !event.repeat && !isInDialog(event)) act();
      },
      { preventDefault: false },
    ]),
    FIELDS,
  );
}

const isInDialog = ({ target }: KeyboardEvent) =>
  target instanceof Element && target.closest('dialog') !== null;

interface ShortcutsDialogProps {
  readonly dialogRef: RefObject<HTMLDialogElement | null>;
}

/** The page's keys, and whether they are in force. The browser keeps the focus inside and gives it back. */
function ShortcutsDialog({ dialogRef }: ShortcutsDialogProps) {
  const [on, turn] = useShortcutsOn();
  const titleId = useId();
  return (
    <dialog ref={dialogRef} className={classes.dialog} aria-labelledby={titleId}>
      <h2 id={titleId} className={classes.title}>
        Keys
      </h2>
      <dl className={classes.list} data-off={on ? undefined : true}>
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={keys} className={classes.row}>
            <dt>
              <kbd className={classes.key}>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p className={classes.note}>
        They rest while you type in a field. On a slider the arrows, Home and End move it; in a field beside
        one, Enter takes what is typed and Escape what was before.
      </p>
      <div className={classes.foot}>
        <label className={classes.switch}>
          <input type="checkbox" checked={on} onChange={(event) => turn(event.currentTarget.checked)} />
          Use these keys
        </label>
        <button type="button" className={classes.close} onClick={() => dialogRef.current?.close()}>
          Close
        </button>
      </div>
    </dialog>
  );
}

/** Shows the page's keys; where it stands, they are in force. */
function ShortcutsButton() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => {
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  useShortcuts(show);
  return (
    <>
      <button type="button" className={classes.keys} aria-label="Keys" aria-haspopup="dialog" onClick={show}>
        ?
      </button>
      <ShortcutsDialog dialogRef={dialog} />
    </>
  );
}

interface TopBarProps {
  readonly page: PageName;
  /** Whether the live picture is shown, and so has settings. */
  readonly isLive: boolean;
  readonly railId: string;
  readonly sheet: SettingsSheet;
}

/** Name, pages, what is served on what, and the load's start and stop. The settings are the live page's. */
export function TopBar({ page, isLive, railId, sheet }: TopBarProps) {
  return (
    <header className={classes.bar}>
      <h1 className={classes.brand}>
        <svg viewBox="0 0 28 18" width="28" height="18" aria-hidden="true" focusable="false">
          <rect x="0" width="5" height="18" rx="2.5" />
          <rect x="8" width="5" height="18" rx="2.5" />
          <rect x="23" width="5" height="18" rx="2.5" />
        </svg>
        Headway
      </h1>
      <PageNav page={page} />
      <Serving />
      <div className={classes.barActions}>
        {isLive ? <ShowMeButton className={classes.showMe ?? ''} /> : null}
        <LoadControls />
        {isLive ? (
          <button
            type="button"
            className={classes.railButton}
            ref={sheet.openerRef}
            aria-expanded={sheet.open}
            aria-controls={railId}
            onClick={sheet.open ? sheet.hide : sheet.show}
          >
            Settings
          </button>
        ) : null}
        <ColorSchemeButton />
        <ShortcutsButton />
      </div>
    </header>
  );
}

function Serving() {
  const model = useApp((state) => state.model);
  const wanted = useApp((state) => state.settings.model);
  if (model.status === 'ready') {
    const { adapter, note, model: served } = model.info;
    return (
      <p className={classes.serving}>
        <span className={classes.servingText}>
          <b>{served.name}</b> on {adapter.name}
        </span>
        <AdapterBadge adapter={adapter} note={note} />
      </p>
    );
  }
  return (
    <p className={classes.serving}>
      <span className={classes.servingText}>
        <b>{wanted}</b> {SAYS[model.status]}
      </span>
    </p>
  );
}

const SAYS = {
  idle: 'not loaded',
  loading: 'loading …',
  'warming-up': 'warming up …',
  failed: 'could not be served',
  cancelled: 'was not loaded',
  replacing: 'is being loaded anew …',
  lost: 'stopped answering',
} as const;
