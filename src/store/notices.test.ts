import { describe, expect, it } from 'vitest';
import { initialState, QUIET_TAB } from './app-state';
import { noticesOf } from './notices';
import { START_SETTINGS } from './settings';

const { load, model } = initialState(START_SETTINGS);
const quiet = { tab: QUIET_TAB, load, model };

const told = (changes: Partial<Parameters<typeof noticesOf>[0]>) => noticesOf({ ...quiet, ...changes });

describe('notices', () => {
  it('are none where there is nothing to know', () => {
    expect(told({})).toEqual([]);
  });

  it('say that another tab is under load, and offer to pause here where a load runs here, too', () => {
    const tab = { ...QUIET_TAB, others: { open: 2, busy: 1, working: 1 } };
    const [here] = told({ tab, load: { status: 'running' } });
    expect(here).toMatchObject({ tone: 'warning', offersPause: true });
    expect(here?.message).toMatch(/Another tab .* under load.*Both share one machine/);
    const [there] = told({ tab });
    expect(there).toMatchObject({ tone: 'warning', offersPause: false });
    expect(there?.message).toContain('none starts here by itself');
    expect(told({ tab: { ...tab, others: { open: 1, busy: 0, working: 0 } } })[0]).toMatchObject({
      tone: 'info',
    });
  });

  it('say for how long the tab was hidden, each time anew', () => {
    const away = (at: number) => told({ tab: { ...QUIET_TAB, away: { at, ms: 42_000 } } })[0];
    expect(away(1)?.message).toContain('hidden for 42 s');
    expect(away(1)?.key).not.toBe(away(2)?.key);
  });
});
