import { createStore, type StoreApi } from 'zustand/vanilla';
import { HeadwayError, toPlain } from '../../core/errors';
import { DEFAULT_LOAD_CONFIG, LOAD_PARAMETERS } from '../../core/load-config';
import { DEFAULT_SERVING_CONFIG, SERVING_PARAMETERS } from '../../core/serving-config';
import {
  type Answer,
  type Gathering,
  gather,
  type Lesson,
  NOTHING_YET,
  type Reading,
  ROUNDS,
  type Seen,
  type Trial,
  verdictOf,
} from '../../lessons/lesson';
import type { AppActions } from '../actions';
import type { AppState, AppStore } from '../app-state';
import type { Change } from '../series';
import { changesBetween, type LoadName, type ServingName, type Settings, whyUnused } from '../settings';
import {
  isBusy,
  isQuestion,
  keepProgress,
  type LessonsState,
  type OpenLesson,
  type Progress,
  type ProgressStorage,
  presentStep,
  readProgress,
  type Stage,
} from './lessons-state';

interface TrialPage {
  readonly store: AppStore;
  readonly actions: Pick<AppActions, 'configure' | 'startLoad' | 'stopLoad'>;
  /** ms on the shared clock. */
  readonly now: () => number;
}

/**
 * Sets what a trial sets, by the page's own actions, and watches its live figures until they suffice. It begins with an
 * empty server: what the setting before has left in the queue would be measured with it.
 * @throws HeadwayError `invalid-state` with the reason where the page was changed meanwhile or cannot be measured
 */
async function conductTrial(
  { store, actions, now }: TrialPage,
  { trial, seen }: { readonly trial: Trial; readonly seen: Seen },
  onProgress: (gathering: Gathering) => void,
  signal: AbortSignal,
): Promise<Reading> {
  const { serving, load, slo } = trial.sets(seen);
  if (store.getState().model.status !== 'ready') throw interrupted('No model is being served.');
  await actions.stopLoad();
  await until(store, ({ load: { status } }) => status !== 'draining', signal);
  await actions.configure({
    serving: { ...DEFAULT_SERVING_CONFIG, ...serving },
    load: { ...DEFAULT_LOAD_CONFIG, ...load },
    ...(slo ? { slo } : {}),
  });
  signal.throwIfAborted();
  const since = now();
  await actions.startLoad();
  const { settings } = store.getState();

  let gathering = NOTHING_YET;
  let looked = store.getState().snapshot;
  await until(
    store,
    (state) => {
      const reason = whyInterrupted(state, settings);
      if (reason !== null) throw interrupted(reason);
      if (state.snapshot === null || state.snapshot === looked) return false;
      looked = state.snapshot;
      gathering = gather(gathering, state.snapshot, trial, since);
      onProgress(gathering);
      return gathering.kind !== 'gathering';
    },
    signal,
  );
  switch (gathering.kind) {
    case 'enough':
      return gathering.reading;
    case 'too-slow':
      throw interrupted(gathering.says);
    case 'gathering':
      throw interrupted('The step ended before enough was measured.');
  }
}

function whyInterrupted(state: AppState, settings: AppState['settings']): string | null {
  if (state.settings !== settings) return 'A setting was changed while the step was measured.';
  if (state.model.status !== 'ready') return 'The model stopped answering while the step was measured.';
  if (state.load.status !== 'running') return 'The load was paused or stopped while the step was measured.';
  return null;
}

/** Resolves when the state is so; rejects with what `isSo` throws, and when it is given up. */
export function until(
  store: AppStore,
  isSo: (state: AppState) => boolean,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      unsubscribe();
      signal.removeEventListener('abort', giveUp);
      settle();
    };
    const giveUp = () => end(() => reject(signal.reason));
    const look = (state: AppState) => {
      try {
        if (isSo(state)) end(resolve);
      } catch (error) {
        end(() => reject(error));
      }
    };
    const unsubscribe = store.subscribe(look);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    else look(store.getState());
  });
}

const interrupted = (message: string) => new HeadwayError('invalid-state', message);

/** The one lesson that is taken in this tab. Actions without an open lesson do nothing. */
export interface LessonConductor {
  readonly store: StoreApi<LessonsState>;
  /** Opens it at its first step; one that is open already stays where it is. */
  open(lesson: Lesson): void;
  /** The open one from its first step; what was found so far is forgotten. */
  restart(): void;
  /** Measures the present step, or the question; resolves when its stage says what came of it. */
  run(): Promise<void>;
  /** Gives up what `run` measures; the step can be run again. */
  stop(): void;
  predict(choice: string): void;
  /** To the next step, when the present one has found something. */
  next(): void;
  /** @param putBack whether the page gets the settings and the load from before the lesson */
  leave(putBack: boolean): Promise<void>;
  forgetProgress(): void;
}

interface Surroundings extends TrialPage {
  readonly storage: ProgressStorage;
  /** Told when the browser does not keep the reader's progress. */
  readonly onRefused: (error: unknown) => void;
}

export function createLessonConductor({ storage, onRefused, ...page }: Surroundings): LessonConductor {
  const store = createStore<LessonsState>(() => ({ open: null, progress: readProgress(storage) }));
  let giveUp = new AbortController();

  const change = (to: (open: OpenLesson) => Partial<OpenLesson>) =>
    store.setState(({ open }) => ({ open: open && { ...open, ...to(open) } }));
  const stage = (to: Stage) => change(() => ({ stage: to }));

  function keep(progress: Progress) {
    try {
      keepProgress(storage, progress);
    } catch (error) {
      onRefused(error);
    }
  }

  function advance(lesson: Lesson, steps: number, isRight: boolean | null) {
    const { progress } = store.getState();
    const known = progress[lesson.name];
    const next = {
      ...progress,
      [lesson.name]: {
        steps: Math.max(steps, known?.steps ?? 0),
        isRight: isRight ?? known?.isRight ?? null,
      },
    };
    store.setState({ progress: next });
    keep(next);
  }

  /** What the page had before the trials set anything, and what they have changed of it. */
  function remember() {
    const { settings, load } = page.store.getState();
    change(({ before }) => ({ before: before ?? { settings, isRunning: load.status === 'running' } }));
    return settings;
  }

  async function measure(open: OpenLesson, signal: AbortSignal): Promise<void> {
    const { lesson, step } = open;
    const { trials } = presentStep(open);
    const rounds = isQuestion(open) ? ROUNDS : 1;
    const answers: Answer[] = [];
    let { seen } = open;
    for (const [index, trial] of Array.from({ length: rounds }, () => trials)
      .flat()
      .entries()) {
      const was = remember();
      stage({ kind: 'preparing', trial });
      const reading = await conductTrial(
        page,
        { trial, seen },
        (gathering) => {
          if (signal.aborted) return;
          stage({
            kind: 'measuring',
            trial,
            place: { index: index + 1, of: rounds * trials.length },
            gathering,
          });
          change(() => ({ changes: effectiveChanges(was, page.store.getState().settings) }));
        },
        signal,
      );
      seen = { ...seen, [trial.name]: reading };
      change(() => ({ seen }));
      if (isQuestion(open) && (index + 1) % trials.length === 0) answers.push(lesson.question.answer(seen));
    }
    const present = lesson.steps[step];
    if (present) {
      stage({ kind: 'found', finding: present.finds(seen) });
      advance(lesson, step + 1, null);
      return;
    }
    const { choice, says } = verdictOf(answers);
    const isRight = choice === null ? null : open.predicted === choice;
    stage({ kind: 'answered', choice, isRight, says });
    advance(lesson, lesson.steps.length, isRight);
  }

  function begin(lesson: Lesson) {
    giveUp.abort();
    store.setState(({ open }) => ({
      open: {
        lesson,
        step: 0,
        stage: { kind: 'told' },
        predicted: null,
        seen: {},
        changes: [],
        found: [],
        before: open?.before ?? null,
      },
    }));
  }

  return {
    store,
    open(lesson) {
      if (store.getState().open?.lesson !== lesson) begin(lesson);
    },
    restart() {
      const { open } = store.getState();
      if (open) begin(open.lesson);
    },
    async run() {
      const { open } = store.getState();
      if (!open || isBusy(open)) return;
      if (isQuestion(open) && open.predicted === null) {
        throw new HeadwayError('invalid-state', 'Predict first: choose one of the answers.');
      }
      giveUp = new AbortController();
      const { signal } = giveUp;
      try {
        await measure(open, signal);
      } catch (error) {
        if (!signal.aborted) stage({ kind: 'interrupted', says: toPlain(error).message });
      }
    },
    stop() {
      giveUp.abort();
      stage({ kind: 'told' });
    },
    predict: (choice) =>
      change((open) => (isBusy(open) ? {} : { predicted: choice, stage: { kind: 'told' } })),
    next: () =>
      change((open) =>
        open.stage.kind === 'found'
          ? {
              step: open.step + 1,
              stage: { kind: 'told' },
              found: [...open.found, { title: presentStep(open).title, says: open.stage.finding.says }],
            }
          : {},
      ),
    async leave(putBack) {
      const { open } = store.getState();
      giveUp.abort();
      store.setState({ open: null });
      if (!open?.before || !putBack) return;
      const { settings, isRunning } = open.before;
      await page.actions.stopLoad();
      await page.actions.configure({ serving: settings.serving, load: settings.load, slo: settings.slo });
      if (isRunning) await page.actions.startLoad();
    },
    forgetProgress() {
      store.setState({ progress: {} });
      keep({});
    },
  };
}

/** Without those of settings that have no effect beside the others. */
function effectiveChanges(before: Settings, after: Settings): readonly Change[] {
  const unused = Object.values({ ...SERVING_PARAMETERS, ...LOAD_PARAMETERS })
    .filter(({ name }: { readonly name: ServingName | LoadName }) => whyUnused(name, after) !== null)
    .map(({ label }) => label);
  return changesBetween(before, after).filter(({ name }) => !unused.includes(name));
}
