import { useHotkeys, useLocalStorage } from '@mantine/hooks';
import { useActions, useApp, useAttempt } from '../app-context';
import { useBurstSize } from './use-burst-size';
import { useNextColorScheme } from './use-next-color-scheme';
import { goTo, PAGES } from './use-place';

/** What keys do, for the page and for whoever wants to read it. Single keys, so they can be turned off. */
export const SHORTCUTS = [
  { keys: 'S', does: 'Start the load, or stop it' },
  { keys: 'P', does: 'Pause the load, or let it go on' },
  { keys: 'B', does: 'Send a burst' },
  { keys: 'D', does: 'Next colour scheme: auto, light, dark' },
  { keys: `1 – ${PAGES.length}`, does: 'The pages, in the order in which they stand' },
  { keys: '?', does: 'This list' },
] as const;

const FIELDS = ['INPUT', 'TEXTAREA', 'SELECT'];

/** Whether the keys are in force: on, unless somebody turned them off in this browser. */
export const useShortcutsOn = () =>
  useLocalStorage<boolean>({ key: 'headway-shortcuts', defaultValue: true });

/** Puts the keys in force. In a field, in a dialog and while a key is held down they do nothing. */
export function useShortcuts(showList: () => void): void {
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
