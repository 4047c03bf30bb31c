import type { Disturbance } from '../core/disturbance';
import type { AppState, OtherTabs, TabState } from './app-state';
import { appendMark } from './series';

/** What disturbs figures now. */
export function disturbancesOf({ hiddenSince, others }: TabState): readonly Disturbance[] {
  return [
    ...(hiddenSince === null ? [] : ['tab-hidden' as const]),
    ...(others.working === 0 ? [] : ['other-tab' as const]),
  ];
}

/** What disturbed figures at some time from `from` on, ms on the shared clock. */
export const disturbedSince = (tab: TabState, from: number): readonly Disturbance[] => {
  const now = disturbancesOf(tab);
  return (Object.keys(tab.last) as Disturbance[]).filter(
    (one) => now.includes(one) || (tab.last[one] ?? 0) > from,
  );
};

/** The tab is hidden or seen again: a mark over time where a load runs. @param at shared clock, ms */
export function seeHidden(state: AppState, hidden: boolean, at: number): AppState {
  const { hiddenSince } = state.tab;
  if (hidden === (hiddenSince !== null)) return state;
  const ran = isUnderLoad(state);
  const away = hiddenSince !== null && ran ? { at, ms: at - hiddenSince } : null;
  const tab = noteDisturbances({ ...state.tab, hiddenSince: hidden ? at : null, away }, state.tab, at);
  const changes = [{ name: 'Tab', from: '', to: hidden ? 'hidden' : 'seen again' }];
  return { ...state, tab, marks: ran ? appendMark(state.marks, { at, changes }) : state.marks };
}

/** Other tabs came, went, or changed what they do. @param at shared clock, ms */
export function seeOthers(state: AppState, others: OtherTabs, at: number): AppState {
  const before = state.tab.others;
  if (before.open === others.open && before.busy === others.busy && before.working === others.working)
    return state;
  const tab = noteDisturbances({ ...state.tab, others }, state.tab, at);
  const turned = before.working > 0 !== others.working > 0;
  const changes = [{ name: 'Another tab', from: '', to: others.working > 0 ? 'at work' : 'at rest' }];
  const marks = turned && isUnderLoad(state) ? appendMark(state.marks, { at, changes }) : state.marks;
  return { ...state, tab, marks };
}

/** Whether clients send or still wait for answers. */
export const isUnderLoad = ({ load: { status } }: Pick<AppState, 'load'>): boolean =>
  status === 'running' || status === 'draining' || status === 'measuring';

const LOADING: readonly string[] = ['loading', 'warming-up', 'replacing'];

/** Whether this tab does anything that slows down what another one measures. */
export const isAtWork = (state: Pick<AppState, 'load' | 'model' | 'snapshot' | 'asked'>): boolean =>
  isUnderLoad(state) ||
  state.asked > 0 ||
  (state.snapshot?.inFlight ?? 0) > 0 ||
  LOADING.includes(state.model.status);

function noteDisturbances(tab: TabState, before: TabState, at: number): TabState {
  const there = [...disturbancesOf(before), ...disturbancesOf(tab)];
  return { ...tab, last: { ...tab.last, ...Object.fromEntries(there.map((one) => [one, at])) } };
}
