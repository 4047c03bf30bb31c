import { systemClock } from './core/system-clock';
import { Session } from './session/session';
import { openTwin } from './session/twin-handle';
import { createActions } from './store/actions';
import { createAppStore } from './store/app-state';
import { createAutomation } from './store/automation';
import { browserName } from './store/browser-name';
import { keepPoints } from './store/kept-points';
import { createLessonConductor } from './store/lessons/lesson-conductor';
import { keepLink } from './store/link';
import { notKept } from './store/notices';
import { RunArchive } from './store/run-archive';
import { START_SETTINGS } from './store/settings';
import { createShowMe, isFirstVisit, startsByItself } from './store/show-me';
import { aloneAmongTabs, browserLocks, watchOtherTabs, watchVisibility } from './store/tabs';
import { createTwin } from './store/twin';
import { decodeSettings } from './store/url-codec';
import { becomeIsolated, keepOffline } from './ui/isolation';
import { mount } from './ui/mount';

/** How often new steps are looked for. */
const TWIN_MS = 2000;

const base = new URL('.', document.baseURI).href;
const { settings, autostart, hasSettings, showMe, embed, problems } = decodeSettings(
  location.search,
  START_SETTINGS,
);
const browser = browserName(navigator.userAgent);
const store = createAppStore(settings);
const locks = browserLocks();
const shelf = (key: string) => ({
  read: () => localStorage.getItem(key),
  write: (text: string) => localStorage.setItem(key, text),
});
const look = watchOtherTabs({ store, locks, clock: systemClock, onRefused: (error) => onRefused(error) });
const actions = createActions({
  store,
  open: (listeners) => new Session(listeners),
  facts: {
    revision: __HEADWAY_REVISION__,
    browser,
    libraries: __HEADWAY_LIBRARIES__,
  },
  archive: new RunArchive('headway', (error) => onRefused(error)),
  // With the charts, which come when they are first needed.
  drawPlots: async (run) => (await import('./ui/charts/print')).drawPlots(run),
  alone: aloneAmongTabs(locks),
  look,
  now: systemClock.now,
  base,
  autostart,
});
const onRefused = notKept((problem) => actions.reportProblem(problem));
for (const problem of problems) actions.reportProblem(problem);
keepLink(store, { autostart, embed });
keepPoints(store, shelf('headway-points'));
watchVisibility(store, systemClock.now);
window.headway = createAutomation(store, actions);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');
const lessons = createLessonConductor({
  store,
  actions,
  now: systemClock.now,
  storage: () => localStorage,
  onRefused,
});
const show = createShowMe({ store, actions, now: systemClock.now });
const twin = createTwin({
  store,
  actions,
  answers: openTwin(),
  shelf: shelf('headway-twin'),
  shipped: async () => (await fetch(new URL('twin.json', base))).text(),
});
setInterval(() => void twin.look(), TWIN_MS);
mount(root, { store, actions, lessons, show, twin, embed });

// On a host without headers the page is loaded once more, and the model then.
if (!(await becomeIsolated())) begin();

function begin(): void {
  // A failure is shown on the page and told to the callers of `headway.ready`.
  actions.loadModel({}).then(
    // Reading every file of the page would share the machine with what a program measures.
    () => navigator.webdriver || keepOffline(),
    () => {},
  );
  const isFirst = isFirstVisit(shelf('headway-visited'));
  if (startsByItself({ isFirst, hasSettings, autostart, showMe, isDriven: navigator.webdriver })) {
    void show.start();
  }
}
