import { systemClock } from '../../src/core/system-clock';
import { createActions } from '../../src/store/actions';
import { createAppStore } from '../../src/store/app-state';
import { createAutomation } from '../../src/store/automation';
import { keepPoints } from '../../src/store/kept-points';
import { createLessonConductor } from '../../src/store/lessons/lesson-conductor';
import { RunArchive } from '../../src/store/run-archive';
import { START_SETTINGS } from '../../src/store/settings';
import { createShowMe } from '../../src/store/show-me';
import { aloneAmongTabs, browserLocks } from '../../src/store/tabs';
import { createTwin } from '../../src/store/twin';
import { drawPlots } from '../../src/ui/charts/print';
import { mount } from '../../src/ui/mount';
import { EPOCH, SimulatedSession } from './simulated-session';

declare global {
  interface Window {
    /** Lets virtual time go on until the work is done, and then for so many seconds. */
    simulate<Result>(work: Promise<Result>, seconds?: number): Promise<Result>;
  }
}

/** The page as `main.tsx` makes it, over a session in virtual time, which stands still unless it is told to go on. */
const store = createAppStore(START_SETTINGS);
const sessions: SimulatedSession[] = [];
const now = () => sessions[0]?.clock.now() ?? EPOCH;
// The slot timeline moves with it, and so stands still with the session.
systemClock.now = now;
const actions = createActions({
  store,
  open: (listeners) => {
    const session = new SimulatedSession(listeners);
    sessions.push(session);
    return session;
  },
  facts: { revision: 'simulated', browser: 'none', libraries: {} },
  archive: new RunArchive('headway-simulated'),
  drawPlots,
  alone: aloneAmongTabs(browserLocks()),
  look: async () => {},
  now,
  base: `${location.origin}/`,
  autostart: false,
});
keepPoints(store, {
  read: () => localStorage.getItem('headway-points'),
  write: (text) => localStorage.setItem('headway-points', text),
});
const [session] = sessions as [SimulatedSession];
window.headway = createAutomation(store, actions);
window.simulate = async (work, seconds = 0) => {
  let over = false;
  const ended = work.finally(() => {
    over = true;
  });
  while (!over) await session.step();
  await session.advance(seconds * 1000);
  return ended;
};

const root = document.getElementById('root');
if (!root) throw new Error('simulated-page.html has no element #root.');
const lessons = createLessonConductor({
  store,
  actions,
  now,
  storage: () => localStorage,
  onRefused: console.error,
});
const show = createShowMe({ store, actions, now });
// Nothing is calibrated here, so nothing is asked.
const unasked = () => Promise.reject(new Error('The simulated page has no twin.'));
const twin = createTwin({
  store,
  actions,
  answers: { curves: unasked, point: unasked, replicas: unasked, race: unasked },
  shelf: { read: () => null, write: () => {} },
  shipped: unasked,
});
mount(root, { store, actions, lessons, show, twin, embed: null });
