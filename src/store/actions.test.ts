import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { snapshotAt } from '../../testing/example-snapshot';
import { MemorySession } from '../../testing/memory-session';
import { HeadwayError } from '../core/errors';
import { DEFAULT_SERVING_CONFIG } from '../core/serving-config';
import { createActions } from './actions';
import { createAppStore } from './app-state';
import { createAutomation } from './automation';
import { RunArchive } from './run-archive';
import { askedSettings, START_SETTINGS } from './settings';
import { seeOthers } from './tab-state';

function open({ autostart = true, model = START_SETTINGS.model } = {}) {
  const store = createAppStore({ ...START_SETTINGS, model });
  let session: MemorySession | undefined;
  let time = 0;
  const actions = createActions({
    store,
    open: (listeners) => {
      session = new MemorySession(listeners);
      return session;
    },
    facts: { revision: 'test', browser: 'Node', libraries: {} },
    archive: new RunArchive('actions'),
    drawPlots: async () => [],
    alone: (use) => use(),
    look: async () => {},
    now: () => time,
    base: 'http://localhost/',
    autostart,
  });
  if (!session) throw new Error('The session was not opened.');
  const tick = (ms: number) => {
    time += ms;
  };
  return {
    store,
    actions,
    session,
    tick,
    state: store.getState,
    automation: createAutomation(store, actions),
  };
}

describe('loading a model', () => {
  it('configures it and then starts the load by itself', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    expect(session.loaded).toEqual([
      { name: 'mini-gpt', url: 'http://localhost/models/mini-gpt/', backend: 'auto' },
    ]);
    expect(state().model.status).toBe('ready');
    expect(state().load.status).toBe('running');
    expect(session.load).toEqual(START_SETTINGS.load);
    expect(session.slo).toEqual(START_SETTINGS.slo);
  });

  it('starts no load with autostart off', async () => {
    const { actions, session, state } = open({ autostart: false });
    await actions.loadModel({});
    expect(state().load.status).toBe('stopped');
    expect(session.load).toBeNull();
  });

  it('starts no load by itself beside another tab under load, measures nothing, and starts when asked', async () => {
    const { actions, store, session, state } = open();
    store.setState((s) => seeOthers(s, { open: 1, busy: 1, working: 1 }, 0), true);
    await actions.loadModel({});
    expect(session.load).toBeNull();
    await expect(actions.startExperiment('lab-02')).rejects.toThrow(/Another tab .* under load/);
    expect(state().load.status).toBe('stopped');
    await actions.startLoad();
    expect(state().load.status).toBe('running');
  });

  it('says why one cannot be served, and serves another afterwards with the load going on', async () => {
    const { actions, session, state } = open();
    await expect(actions.loadModel({ model: 'models/broken/' })).rejects.toThrow('tokenizer.json');
    expect(state().model).toMatchObject({ status: 'failed', error: { code: 'model-file-missing' } });
    await actions.loadModel({ model: 'mini-gpt' });
    expect(state().model.status).toBe('ready');
    expect(session.load).not.toBeNull();
  });

  it('can be cancelled: how far it came is kept, nothing is served, and the load goes on with the next', async () => {
    const { actions, session, state } = open();
    const loading = actions.loadModel({ model: 'models/slow/' });
    await expect.poll(() => state().model).toMatchObject({ progress: { loadedBytes: 10 } });
    actions.cancelLoad();
    await expect(loading).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(state().model).toMatchObject({ status: 'cancelled', reached: { loadedBytes: 10 } });
    expect(session.load).toBeNull();
    await actions.loadModel({ model: 'mini-gpt' });
    expect(session.load).not.toBeNull();
  });

  it('hands picked files to the workers, and says of the hub where the page stands', async () => {
    const { actions, session } = open();
    const files = [{ path: 'config.json', file: new Blob(['{}']) }];
    actions.pickModel('mine', files);
    await actions.loadModel({ model: 'picked:mine,context=64' });
    await actions.loadModel({ model: 'hub:owner/name@main' });
    const home = 'http://localhost/';
    expect(session.loaded).toEqual([
      { name: 'picked:mine,context=64', url: 'picked:mine,context=64', home, files, backend: 'auto' },
      { name: 'hub:owner/name', url: 'hub:owner/name', home, backend: 'auto' },
    ]);
    await expect(actions.loadModel({ model: 'hub:alone' })).rejects.toThrow('OWNER/NAME');
  });

  it('knows which models are kept, and deletes them', async () => {
    const { actions, session, state } = open();
    const kept = ['a/one', 'b/two'].map((name) => ({
      name,
      revision: 'main',
      bytes: 5,
      onnx: [],
      unfinished: [],
    }));
    session.kept = kept;
    await actions.lookForKeptModels();
    expect(state().keptModels).toEqual(kept);
    await actions.removeKeptModel({ name: 'a/one', revision: 'main' });
    expect(state().keptModels).toEqual(kept.slice(1));
  });

  it('refuses a name that is no model before anything is touched', async () => {
    const { actions, session, state, automation } = open();
    await actions.loadModel({});
    await expect(automation.loadModel({ model: 'gpt-9' })).rejects.toThrow(/mini-gpt.*"gpt-9"/);
    expect(state().model.status).toBe('ready');
    expect(session.loaded).toHaveLength(1);
  });

  it.each(['gpt-9', 'https://elsewhere.example/models/mini-gpt/'])(
    'fails for %s of a link, and no other model is served for it',
    async (model) => {
      const { actions, session, state, automation } = open({ model });
      await expect(actions.loadModel({})).rejects.toMatchObject({ code: 'invalid-parameter' });
      await expect(automation.ready).rejects.toThrow(`given: "${model}"`);
      expect(state().model).toMatchObject({ status: 'failed', error: { code: 'invalid-parameter' } });
      expect(session.loaded).toEqual([]);
      await actions.loadModel({ model: 'mini-gpt' });
      expect((await automation.ready).model.name).toBe('mini-gpt');
    },
  );

  it('serves what was chosen last when choices overlap', async () => {
    const { actions, session, state } = open();
    const loads = [actions.loadModel({ backend: 'webgpu' }), actions.loadModel({ backend: 'wasm' })];
    await Promise.all(loads);
    expect(session.loaded.at(-1)?.backend).toBe('wasm');
    expect(state().model).toMatchObject({ status: 'ready', info: { adapter: { kind: 'wasm' } } });
  });

  it('shows a lost server and what is needed to go on', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.lose('The device was lost.');
    expect(state().model).toEqual({
      status: 'lost',
      error: { code: 'worker-failed', message: 'The device was lost.' },
    });
    expect(state().load.status).toBe('stopped');
    await actions.loadModel({});
    expect(state().load.status).toBe('running');
  });
});

describe('a serving worker that fails', () => {
  it('is said, with what it served, and the load counts as running', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.replacing('The serving worker is frozen.');
    expect(state().model).toMatchObject({
      status: 'replacing',
      info: { model: { name: 'mini-gpt' } },
      error: { code: 'worker-failed' },
    });
    expect(state()).toMatchObject({ replacements: 1, load: { status: 'running' } });
    expect(state().problems.map(({ message }) => message)).toEqual(['The serving worker is frozen.']);
  });

  it('keeps its place in the picture: the point that it had reached is no finished one', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.tell({ snapshot: snapshotAt(11_000), samples: [] });
    session.replacing('It crashed.');
    session.replaced();
    expect(state().picture.finished).toEqual([]);
    expect(state().model.status).toBe('ready');
  });

  it('hears from the next one on what was changed meanwhile, and the load goes on with it', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.replacing('It crashed.');
    await actions.configureServing({ maxBatch: 32 });
    await actions.configureLoad({ rate: 50 });
    await actions.setSlo({ p95Ms: 90 });
    expect(session.load?.rate).toBe(5);
    session.replaced();
    await expect.poll(() => session.load?.rate).toBe(50);
    expect(session.config.maxBatch).toBe(32);
    expect(session.slo.p95Ms).toBe(90);
    expect(state().load.status).toBe('running');
  });

  it('does not start a load that was stopped meanwhile', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.replacing('It crashed.');
    await actions.stopLoad();
    session.replaced();
    await actions.configureServing({ maxBatch: 4 });
    expect(state().load.status).toBe('stopped');
    expect(session.load).toBeNull();
  });

  it('refuses what needs an answer until the next one is there', async () => {
    const { actions, session } = open();
    await actions.loadModel({});
    session.replacing('It crashed.');
    await expect(actions.send('w1')).rejects.toThrow('the model is replacing');
    session.replaced();
    await expect(actions.send('w1')).resolves.toMatchObject({ own: true });
  });
});

describe('changing settings', () => {
  it('reaches the workers at once, with a mark', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    await actions.configureServing({ maxBatch: 32 });
    await actions.configureLoad({ rate: 50 });
    expect(session.config.maxBatch).toBe(32);
    expect(session.load?.rate).toBe(50);
    expect(state().marks.at(-1)?.changes).toContainEqual({ name: 'Rate', from: '5', to: '50' });
  });

  it('before a model is there, holds for the one that comes', async () => {
    const { actions, session } = open();
    await actions.configureServing({ maxBatch: 4 });
    await actions.loadModel({});
    expect(session.config.maxBatch).toBe(4);
  });

  it('is pending until the serving worker confirms it, and in force then with one mark', async () => {
    const { actions, session, state, tick } = open();
    await actions.loadModel({});
    tick(2000);
    let confirm = () => {};
    session.answer = () =>
      new Promise((resolve) => {
        confirm = () => resolve(null);
      });
    const changed = actions.configure({ serving: { maxBatch: 4 }, load: { rate: 9 } });
    expect(state().settings).toMatchObject({ serving: { maxBatch: 8 }, load: { rate: 5 } });
    expect(askedSettings(state())).toMatchObject({ serving: { maxBatch: 4 }, load: { rate: 9 } });
    const { marks } = state();
    confirm();
    await changed;
    expect(state().settings).toMatchObject({ serving: { maxBatch: 4 }, load: { rate: 9 } });
    expect(state().pending).toEqual([]);
    expect(state().marks.length).toBe(marks.length + 1);
  });

  it('that the serving worker refuses rejects with its words and changes nothing, the load neither', async () => {
    const { actions, automation, session, state } = open();
    await actions.loadModel({});
    const before = state();
    const refusal = new HeadwayError('cache-too-large', '64 slots were asked for; 8 fit.');
    session.answer = async ({ maxBatch }) => (maxBatch === 64 ? refusal : null);
    await expect(automation.configure({ maxBatch: 64, rate: 50 })).rejects.toBe(refusal);
    expect(state().settings).toBe(before.settings);
    expect(state().marks).toBe(before.marks);
    expect(state().picture.parts).toBe(before.picture.parts);
    expect(state().pending).toEqual([]);
    expect(state().problems).toEqual([]);
    expect(session.load?.rate).toBe(5);
    expect(await automation.configure({ maxWaitMs: 7 })).toMatchObject({
      maxBatch: 8,
      maxWaitMs: 7,
      rate: 5,
    });
  });

  it('is put back in the serving worker when the load cannot take its part', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.traffic.start = async () => {
      throw new HeadwayError('invalid-state', 'No model is served; load one first.');
    };
    await expect(actions.configure({ serving: { maxBatch: 4 }, load: { rate: 9 } })).rejects.toThrow(
      'No model',
    );
    expect(session.config.maxBatch).toBe(8);
    expect(state().settings).toMatchObject({ serving: { maxBatch: 8 }, load: { rate: 5 } });
  });

  it('is settled before a measurement begins, and comes back after it', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    let confirm = () => {};
    session.answer = () =>
      new Promise((resolve) => {
        session.answer = async () => null;
        confirm = () => resolve(null);
      });
    const changed = actions.configureServing({ maxBatch: 4 });
    const measured = actions.runExperiment({
      serving: { ...DEFAULT_SERVING_CONFIG, maxBatch: 2 },
      load: {},
      slo: { p95Ms: null, ttftMs: null },
      requests: 1,
      durationS: null,
      repeats: 1,
    });
    confirm();
    await changed;
    await expect(measured).rejects.toThrow('The measurement failed.');
    expect(state().settings.serving.maxBatch).toBe(4);
    expect(session.config.maxBatch).toBe(4);
  });

  it('does not start a stopped load', async () => {
    const { actions, session } = open({ autostart: false });
    await actions.loadModel({});
    await actions.configureLoad({ rate: 50 });
    expect(session.load).toBeNull();
  });

  it('refuses a value that is not allowed and changes nothing', async () => {
    const { actions, state } = open();
    await expect(actions.configureServing({ maxBatch: 257 })).rejects.toThrow('a whole number from 1 to 256');
    expect(state().settings).toEqual(START_SETTINGS);
  });

  it('by program moves the same settings, all or none', async () => {
    const { automation, actions, state } = open();
    await actions.loadModel({});
    const inForce = await automation.configure({ maxBatch: 2, rate: 20 });
    expect(inForce).toMatchObject({ maxBatch: 2, rate: 20 });
    expect(state().settings.serving.maxBatch).toBe(2);
    await expect(automation.configure({ maxBatch: 4, rate: -1 })).rejects.toThrow('--rate');
    expect(state().settings.serving.maxBatch).toBe(2);
  });

  it('that no label named before is another setting, too: its points are not those of the one before', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    session.tell({ snapshot: snapshotAt(11_000), samples: [] });
    await actions.configureServing({ timeoutMs: 700 });
    expect(state().picture.finished.map(({ setting }) => setting?.serving.timeoutMs)).toEqual([0]);
    expect(state().picture.setting?.serving.timeoutMs).toBe(700);
    // Without an effect under the rest it is no other setting.
    await actions.configureServing({ maxWaitMs: 300 });
    expect(state().picture.finished).toHaveLength(1);
  });

  it('leaves the settled point of the old setting in the chart', async () => {
    const { actions, session, state, tick } = open();
    await actions.loadModel({});
    session.tell({ snapshot: snapshotAt(11_000), samples: [] });
    tick(12_000);
    await actions.configureServing({ maxBatch: 16 });
    expect(state().picture.finished).toHaveLength(1);
    expect(state().picture.finished[0]?.parts).toContain('batch 8');
  });
});

describe('a trace', () => {
  it('is what the state says once it is read; a wrong one is named, and the one before stays', async () => {
    const { automation, state } = open();
    const good = automation.setTrace({ name: 'good.csv', content: 'x' });
    expect(state().trace).toEqual({ info: null, reading: 'good.csv', problem: null });
    const info = await good;
    expect(info).toMatchObject({ name: 'good.csv', requests: 3 });
    expect(state().trace).toEqual({ info, reading: null, problem: null });
    await expect(automation.setTrace({ name: 'broken', content: '' })).rejects.toThrow('line 1');
    expect(state().trace).toEqual({ info, reading: null, problem: 'broken, line 1: it is empty.' });
  });
});

describe('stopping', () => {
  it('drains: what was sent is waited for', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    let drained = () => {};
    session.drained = new Promise((resolve) => {
      drained = resolve;
    });
    const stopped = actions.stopLoad();
    expect(state().load.status).toBe('draining');
    const started = actions.startLoad();
    expect(state().load.status).toBe('draining');
    drained();
    await stopped;
    await started;
    expect(state().load.status).toBe('running');
    expect(session.load).not.toBeNull();
  });
});

describe('a stop resolves when everything that was sent has settled', () => {
  const waiting = (session: MemorySession) => {
    let settle = () => {};
    session.drained = new Promise((resolve) => {
      settle = resolve;
    });
    return () => settle();
  };

  it('also a burst without a load', async () => {
    const { actions, session, state } = open({ autostart: false });
    await actions.loadModel({});
    await actions.burst(5);
    const settle = waiting(session);
    let isStopped = false;
    const stopped = actions.stopLoad().then(() => {
      isStopped = true;
    });
    await new Promise(setImmediate);
    expect(isStopped).toBe(false);
    settle();
    await stopped;
    expect(state().load.status).toBe('stopped');
  });

  it('also when another stop is draining already', async () => {
    const { actions, session } = open();
    await actions.loadModel({});
    const settle = waiting(session);
    const ended: string[] = [];
    const both = ['first', 'second'].map((name) => actions.stopLoad().then(() => ended.push(name)));
    await new Promise(setImmediate);
    expect(ended).toEqual([]);
    settle();
    await Promise.all(both);
    expect(ended).toHaveLength(2);
  });
});

describe('a start', () => {
  it('takes time to be answered, and figures of the load that it began count from its beginning', async () => {
    const { actions, session, state, tick } = open({ autostart: false });
    await actions.loadModel({});
    tick(1000);
    const started = actions.startLoad();
    tick(30);
    await started;
    session.tell({ snapshot: snapshotAt(5010, { windowMs: 4000 }), samples: [] });
    expect(state().picture.present).toMatchObject({ at: 5010, settled: true });
  });
});

describe('a pause', () => {
  it('keeps the point that was reached, takes none of its own, and goes on by resuming or starting', async () => {
    const { actions, session, state, tick } = open();
    await actions.loadModel({});
    session.tell({ snapshot: snapshotAt(11_000), samples: [] });
    tick(12_000);
    await actions.pauseLoad();
    await actions.pauseLoad();
    expect(session.paused).toBe(true);
    expect(state().load.status).toBe('paused');
    expect(state().marks.at(-1)?.changes).toEqual([{ name: 'Load', from: '', to: 'paused' }]);
    session.tell({ snapshot: snapshotAt(24_000, { windowMs: 5000 }), samples: [] });
    expect(state().picture.present).toBeNull();
    expect(state().picture.finished.map(({ point }) => point.at)).toEqual([11_000]);
    await actions.configureLoad({ rate: 50 });
    expect(session).toMatchObject({ paused: true, load: { rate: 50 } });
    tick(12_000);
    await actions.resumeLoad();
    expect(state().marks.at(-1)?.changes).toEqual([{ name: 'Load', from: '', to: 'resumed' }]);
    await actions.pauseLoad();
    await actions.startLoad();
    expect(session.paused).toBe(false);
    expect(state().load.status).toBe('running');
    tick(12_000);
    await actions.pauseLoad();
    tick(12_000);
    await actions.stopLoad();
    expect(state().marks.at(-1)?.changes).toEqual([{ name: 'Load', from: '', to: 'stopping' }]);
  });

  it('is refused where nothing is sent, with what the load does', async () => {
    const { automation, actions } = open({ autostart: false });
    await actions.loadModel({});
    await expect(automation.pauseLoad()).rejects.toThrow('no load that could be paused; the load is stopped');
    await expect(automation.resumeLoad()).rejects.toThrow(
      'no load that could be resumed; the load is stopped',
    );
  });

  it('outlasts a worker that is replaced, and ends with another model, which serves nobody by itself', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    await actions.pauseLoad();
    session.replacing('It crashed.');
    await actions.configureLoad({ rate: 50 });
    session.replaced();
    await expect.poll(() => session.load?.rate).toBe(50);
    expect(state().load.status).toBe('paused');
    expect(session.paused).toBe(true);
    // Also one of the clients' own, which knows of no load.
    session.replacing('It froze.');
    await session.traffic.stop();
    session.replaced();
    await expect.poll(() => session.load?.rate).toBe(50);
    expect(session.paused).toBe(true);
    await actions.loadModel({});
    expect(state().load.status).toBe('stopped');
    expect(session.load).toBeNull();
  });
});

describe('the point of a load that was started', () => {
  it('is there with the first window, which began before the page heard that the load had started', async () => {
    const { actions, session, state, tick } = open({ autostart: false });
    await actions.loadModel({});
    tick(1000);
    const started = actions.startLoad();
    tick(5);
    await started;
    session.tell({ snapshot: snapshotAt(5000, { windowMs: 3998 }), samples: [] });
    expect(state().picture.present).toMatchObject({ at: 5000, settled: true });
  });
});

describe('a burst', () => {
  it('leaves a mark and no point of the setting until a whole window has passed since', async () => {
    const { automation, session, state, tick } = open();
    await automation.loadModel({});
    tick(20_000);
    session.tell({ snapshot: snapshotAt(20_000), samples: [] });
    await automation.burst(100);
    await automation.burst(50);
    expect(session.bursts).toEqual([100, 50]);
    expect(state().marks.at(-1)?.changes).toEqual([{ name: 'Burst', from: '', to: '150' }]);
    expect(state().picture.finished).toHaveLength(1);
    session.tell({ snapshot: snapshotAt(25_000), samples: [] });
    expect(state().picture.present?.settled).toBe(false);
    session.tell({ snapshot: snapshotAt(31_000), samples: [] });
    expect(state().picture.present?.settled).toBe(true);
  });

  it('works without a load, but not without a model', async () => {
    const { actions, session } = open({ autostart: false });
    await expect(actions.burst(10)).rejects.toThrow('No model is being served');
    await actions.loadModel({});
    await actions.burst(10);
    expect(session.bursts).toEqual([10]);
  });
});

describe('several settings at once', () => {
  it('are in force together, with one mark', async () => {
    const { actions, session, state, tick } = open();
    await actions.loadModel({});
    tick(5000);
    await actions.configure({ serving: { policy: 'static' }, load: { rate: 50 }, slo: { p95Ms: 90 } });
    expect(session).toMatchObject({ config: { policy: 'static' }, load: { rate: 50 }, slo: { p95Ms: 90 } });
    expect(
      state()
        .marks.at(-1)
        ?.changes.map(({ name }) => name),
    ).toEqual(['Policy', 'Rate']);
  });

  it('that contradict each other are refused with a sentence, and the good ones stay in force', async () => {
    const { actions, automation, session, state } = open();
    await actions.loadModel({});
    const spike = { arrival: 'spike', spikeDurationS: 5, spikeEveryS: 10 } as const;
    await actions.configureLoad(spike);
    const before = state().settings;
    await expect(actions.configureLoad({ spikeEveryS: 2 })).rejects.toThrow('else no spike ever ends');
    await expect(automation.configure({ maxBatch: 2, sequences: 4 })).rejects.toThrow('at most maxBatch');
    await expect(actions.setSlo({ p95Ms: -1 })).rejects.toThrow('--slo-p95-ms');
    expect(state().settings).toBe(before);
    expect(session.load).toMatchObject(spike);
  });

  it('go back to a first visit’s all together; the model stays', async () => {
    const { actions, state } = open();
    await actions.loadModel({ backend: 'wasm' });
    await actions.applyPreset('spike-into-a-channel');
    await actions.setSlo({ p95Ms: 90 });
    await actions.resetAll();
    expect(state().settings).toEqual({ ...START_SETTINGS, backend: 'wasm' });
  });
});

describe('a measurement', () => {
  const options = {
    serving: { ...START_SETTINGS.serving, maxBatch: 64 },
    load: START_SETTINGS.load,
    slo: START_SETTINGS.slo,
    requests: 10,
    durationS: null,
    repeats: 1,
  };

  it('puts settings and load back, also when it fails', async () => {
    const { actions, session, state } = open();
    await actions.loadModel({});
    const run = actions.runExperiment(options);
    await expect(actions.loadModel({})).rejects.toThrow('A measurement is running');
    await expect(run).rejects.toThrow('The measurement failed');
    expect(state().settings.serving.maxBatch).toBe(8);
    expect(session.config.maxBatch).toBe(8);
    expect(session.load).toEqual(START_SETTINGS.load);
  });
});
