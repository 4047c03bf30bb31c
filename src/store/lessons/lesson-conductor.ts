import { createStore, type StoreApi } from 'zustand/vanilla';
import { HeadwayError, toPlain } from '../../core/errors';
import { LOAD_PARAMETERS } from '../../core/load-config';
import { SERVING_PARAMETERS } from '../../core/serving-config';
import type { Lesson } from '../../lessons/lesson';
import type { AppActions } from '../actions';
import type { Change } from '../series';
import { changesBetween, type LoadName, type ServingName, type Settings, whyUnused } from '../settings';
import { conductTrial, type TrialPage } from './conduct-trial';
import {
  isBusy,
  isQuestion,
  type LessonsState,
  type OpenLesson,
  presentStep,
  type Stage,
} from './lessons-state';
import { keepProgress, type ProgressStorage, readProgress } from './progress-shelf';

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
  readonly actions: TrialPage['actions'] & Pick<AppActions, 'reportProblem'>;
  readonly storage: ProgressStorage;
}

export function createLessonConductor({ storage, ...page }: Surroundings): LessonConductor {
  const store = createStore<LessonsState>(() => ({ open: null, progress: readProgress(storage) }));
  let giveUp = new AbortController();

  const change = (to: (open: OpenLesson) => Partial<OpenLesson>) =>
    store.setState(({ open }) => ({ open: open && { ...open, ...to(open) } }));
  const stage = (to: Stage) => change(() => ({ stage: to }));

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
    const problem = keepProgress(storage, next);
    if (problem) page.actions.reportProblem(problem);
  }

  /** What the page had before the trials set anything, and what they have changed of it. */
  function remember() {
    const { settings, load } = page.store.getState();
    change(({ before }) => ({ before: before ?? { settings, isRunning: load.status === 'running' } }));
    return settings;
  }

  async function measure(open: OpenLesson, signal: AbortSignal): Promise<void> {
    let { seen } = open;
    for (const trial of presentStep(open).trials) {
      const was = remember();
      stage({ kind: 'preparing', trial });
      const reading = await conductTrial(
        page,
        { trial, seen },
        (gathering) => {
          if (signal.aborted) return;
          stage({ kind: 'measuring', trial, gathering });
          change(() => ({ changes: effectiveChanges(was, page.store.getState().settings) }));
        },
        signal,
      );
      seen = { ...seen, [trial.name]: reading };
      change(() => ({ seen }));
    }
    const { lesson, step } = open;
    const present = lesson.steps[step];
    if (present) {
      stage({ kind: 'found', finding: present.finds(seen) });
      advance(lesson, step + 1, null);
      return;
    }
    const { choice, says } = lesson.question.answer(seen);
    const isRight = open.predicted === choice;
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
      const problem = keepProgress(storage, {});
      if (problem) page.actions.reportProblem(problem);
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
