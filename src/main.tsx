import { systemClock } from './core/system-clock';
import { Session } from './session/session';
import { createActions } from './store/actions';
import { aloneAmongTabs } from './store/alone';
import { createAppStore } from './store/app-store';
import { createAutomation } from './store/automation';
import { browserName } from './store/browser-name';
import { keepPoints } from './store/kept-points';
import { createLessonConductor } from './store/lessons/lesson-conductor';
import { keepLink } from './store/link';
import { RunArchive } from './store/run-archive';
import { START_SETTINGS } from './store/settings';
import { decodeSettings } from './store/url-codec';
import { watchOtherTabs, watchVisibility } from './store/watch-tab';
import { mount } from './ui/mount';

const base = new URL('.', document.baseURI).href;
const { settings, autostart, problems } = decodeSettings(location.search, START_SETTINGS, base);
const browser = browserName(navigator.userAgent);
const store = createAppStore(settings);
const actions = createActions({
  store,
  open: (listeners) => new Session(listeners),
  facts: {
    revision: __HEADWAY_REVISION__,
    browser,
    libraries: __HEADWAY_LIBRARIES__,
  },
  archive: new RunArchive('headway'),
  // With the charts, which come when they are first needed.
  drawPlots: async (run) => (await import('./ui/charts/print')).drawPlots(run),
  alone: aloneAmongTabs,
  now: systemClock.now,
  base,
  autostart,
});
for (const problem of problems) actions.reportProblem(problem);
keepLink(store, autostart);
keepPoints(store, {
  read: () => localStorage.getItem('headway-points'),
  write: (text) => localStorage.setItem('headway-points', text),
});
watchVisibility(store, systemClock.now);
watchOtherTabs(store, systemClock.now);
window.headway = createAutomation(store, actions);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');
const lessons = createLessonConductor({ store, actions, now: systemClock.now, storage: () => localStorage });
mount(root, { store, actions, lessons });

// What stands in the charts until there are true figures; none of it is needed for the first paint.
import('./store/keep-past')
  .then(({ keepPast }) =>
    keepPast(store, {
      shelf: {
        read: () => localStorage.getItem('headway-last-picture'),
        write: (text) => localStorage.setItem('headway-last-picture', text),
      },
      simulated: async () => (await fetch(new URL('first-picture.json', base))).text(),
      browser,
      now: systemClock.now,
      date: () => new Date().toISOString(),
    }),
  )
  .catch(() => {});

// A failure is shown on the page and told to whoever waits for `headway.ready`.
actions.loadModel({}).catch(() => {});
