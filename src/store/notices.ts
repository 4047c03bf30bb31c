import { type PlainError, toPlain } from '../core/errors';
import { formatDuration } from '../core/format';
import type { AppState } from './app-state';
import { isUnderLoad } from './tab-state';

/** Something about this page's surroundings that its reader should know; unlike a problem, nothing has failed. */
export interface Notice {
  /** The same thing again has the same key. */
  readonly key: string;
  readonly tone: 'info' | 'warning';
  readonly message: string;
  /** Whether the load here can be paused for it. */
  readonly offersPause: boolean;
}

type Told = Pick<AppState, 'tab' | 'load' | 'model'>;

/** What there is to know now, the most pressing first. */
export function noticesOf(state: Told): readonly Notice[] {
  return [otherTabs(state), away(state)].filter((notice) => notice !== null);
}

const NOTICE = { tone: 'info', offersPause: false } as const;

function otherTabs(state: Told): Notice | null {
  const { open, busy } = state.tab.others;
  if (busy > 0) {
    const here = isUnderLoad(state);
    const end = here
      ? 'Both share one machine, so the figures of both are worse than those of one alone, and marked so.'
      : 'A load here would share the machine with it and spoil its figures, so none starts here by itself.';
    return {
      ...NOTICE,
      key: here ? 'other-tab-both' : 'other-tab-busy',
      tone: 'warning',
      message: `${busy === 1 ? 'Another tab' : `${busy} other tabs`} of this page ${busy === 1 ? 'has' : 'have'} a model under load. ${end}`,
      offersPause: here && state.load.status === 'running',
    };
  }
  if (open === 0) return null;
  const message = `This page is open in ${open === 1 ? 'another tab' : `${open} other tabs`}, too, with a model at rest. Under load it would share the machine with this one.`;
  return { ...NOTICE, key: 'other-tab-open', message };
}

function away({ tab }: Told): Notice | null {
  if (!tab.away) return null;
  const { at, ms } = tab.away;
  const message = `This tab was hidden for ${formatDuration(ms)} under load. The workers went on, but browsers slow hidden tabs down as they like: figures of that time are marked.`;
  return { ...NOTICE, key: `away ${at}`, message };
}

/** Says once, whatever is refused and how often, that the browser keeps nothing of this page. */
export function notKept(report: (problem: PlainError) => void): (error: unknown) => void {
  let isSaid = false;
  return (error) => {
    if (isSaid) return;
    isSaid = true;
    const reason = toPlain(error).message.replace(/\.$/, '');
    report({
      code: 'storage-failed',
      message: `This browser keeps nothing of this page (${reason}). Everything works, but experiments and progress in lessons are gone when the page is closed, and tabs do not know of each other: export what you want to keep.`,
    });
  };
}
