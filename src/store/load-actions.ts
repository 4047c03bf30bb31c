import type { Commands, PAGE_COMMANDS } from '../core/commands';
import type { ServingInfo } from '../core/engine';
import { HeadwayError } from '../core/errors';
import type { LoadConfig } from '../core/load-config';
import type { SessionPort } from '../session/session';
import { type AppStore, servedModel } from './app-state';
import { fittedLoad, isUnchosen, timeSteps, withFitted } from './first-load';
import { changeLoad, changeSettings, markBurst } from './reducers';
import { sameValues } from './settings';

/** What can be done with the synthetic clients. */
export type LoadActions = Pick<
  Commands<typeof PAGE_COMMANDS>,
  'startLoad' | 'pauseLoad' | 'resumeLoad' | 'stopLoad' | 'burst'
>;

interface Surroundings {
  readonly store: AppStore;
  readonly session: SessionPort;
  /** ms on the shared clock. */
  readonly now: () => number;
  readonly autostart: boolean;
  /** @throws HeadwayError `invalid-state` */
  readonly assertReady: () => void;
  readonly assertNotMeasuring: () => void;
}

/** What the page itself needs beside the actions. */
export interface LoadKeeper {
  /** The load goes on where it is wanted, a model is served and nothing measures. */
  readonly goOn: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export function createLoadActions(around: Surroundings): LoadActions & LoadKeeper {
  const { store, session, now, assertReady, assertNotMeasuring } = around;
  let wantsLoad = around.autostart;
  /** Whether the load would start by itself, without anybody having asked for it. */
  let unasked = around.autostart;
  /** The load that was fitted to a model, until another is chosen. */
  let fitted: LoadConfig | null = null;
  let timed: ServingInfo | null = null;
  let drained: Promise<void> = Promise.resolve();
  const status = () => store.getState().load.status;
  const become = (next: 'stopped' | 'running' | 'paused' | 'draining', at = now()) =>
    store.setState((state) => changeLoad(state, { status: next }, at), true);

  async function start() {
    assertReady();
    // The load begins before its start has been answered, and with it the window of its figures.
    const at = now();
    await session.traffic.start(store.getState().settings.load);
    become('running', at);
  }

  /** Times the model that has just been loaded, where no load was chosen for it. */
  async function fitLoad() {
    const { settings, model } = store.getState();
    const info = servedModel(model);
    if (info === timed || !isUnchosen(settings.load, fitted)) return;
    timed = info;
    const steps = await timeSteps(settings, (prompts) => session.traffic.generate(prompts), now);
    if (steps === null) return;
    // It may have been chosen meanwhile.
    const { load } = store.getState().settings;
    if (!sameValues(load, settings.load)) return;
    const next = withFitted(fittedLoad(steps, settings.model), load.seed);
    fitted = next;
    store.setState((state) => changeSettings(state, { ...state.settings, load: next }, now()), true);
  }

  async function stop() {
    if (status() === 'draining') return drained;
    if (status() !== 'running' && status() !== 'paused') return;
    become('draining');
    drained = session.traffic.stop();
    await drained;
    become('stopped');
  }

  async function resume() {
    wantsLoad = true;
    const at = now();
    await session.traffic.resume();
    become('running', at);
  }

  return {
    stop,
    async goOn() {
      const { load } = store.getState().settings;
      if (store.getState().model.status !== 'ready' || status() === 'measuring') return;
      // It would disturb a measurement in another tab.
      if (unasked && store.getState().tab.others.busy > 0) wantsLoad = false;
      unasked = false;
      if (status() === 'paused') await session.traffic.start(load, true);
      else if (wantsLoad) {
        await fitLoad();
        await start();
      }
    },
    async startLoad() {
      assertNotMeasuring();
      if (status() === 'paused') return resume();
      wantsLoad = true;
      unasked = false;
      // One that drains has to have stopped first; meanwhile it may have been stopped for good.
      if (status() === 'draining') await drained.catch(() => {});
      if (wantsLoad) await start();
    },
    async pauseLoad() {
      assertNotMeasuring();
      if (status() === 'paused') return;
      if (status() !== 'running') throw invalidState('paused', status());
      wantsLoad = false;
      become('paused');
      await session.traffic.pause();
    },
    async resumeLoad() {
      assertNotMeasuring();
      if (status() === 'running') return;
      if (status() !== 'paused') throw invalidState('resumed', status());
      await resume();
    },
    async stopLoad() {
      wantsLoad = false;
      await stop();
      // A burst, or prompts, may be under way without a load.
      await session.traffic.stop();
    },
    async burst(count) {
      assertNotMeasuring();
      assertReady();
      await asking(store, () => session.traffic.burst(count, store.getState().settings.load));
      store.setState((state) => markBurst(state, count, now()), true);
    },
  };
}

const invalidState = (what: string, status: string) =>
  new HeadwayError('invalid-state', `There is no load that could be ${what}; the load is ${status}.`);

/** Has the state say that requests beside the load are asked for, for as long as that takes. */
export async function asking<Result>(store: AppStore, ask: () => Promise<Result>): Promise<Result> {
  store.setState(({ asked }) => ({ asked: asked + 1 }));
  try {
    return await ask();
  } finally {
    store.setState(({ asked }) => ({ asked: asked - 1 }));
  }
}
