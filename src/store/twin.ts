import { createStore, type StoreApi } from 'zustand/vanilla';
import { type Calibration, readCalibration } from '../core/calibration';
import type { FleetAnswer, RaceLane, TwinCurve, TwinPoint, TwinQuestion } from '../core/twin-control';
import type { AppActions } from './actions';
import type { AppState, AppStore } from './app-state';
import { servedModel } from './app-state';
import type { OperatingPoint } from './operating-point';
import type { PlaneCurve, PlaneOverlay } from './plane';
import type { Settings } from './settings';

/** Where a calibration comes from. `shipped`: of another machine, until this one's first steps are fitted. */
export type TwinSource = 'live' | 'kept' | 'shipped';

export interface TwinState {
  readonly calibration: Calibration | null;
  readonly source: TwinSource;
  /** Predicted for the setting in force; null while it is not known, or the load has no steady rate. */
  readonly present: TwinPoint | null;
  /** Predicted / measured − 1 of the setting in force; null until both are there. */
  readonly error: { readonly throughput: number; readonly p95: number } | null;
  /** Whether its curves are shown. */
  readonly shown: boolean;
}

/** What the conductor asks: the worker's handle, or a test's. */
interface TwinAnswers {
  curves(question: TwinQuestion): Promise<readonly TwinCurve[]>;
  point(question: TwinQuestion): Promise<TwinPoint | null>;
  replicas(question: TwinQuestion): Promise<FleetAnswer>;
  race(question: TwinQuestion): Promise<readonly RaceLane[]>;
}

export interface Twin {
  readonly store: StoreApi<TwinState>;
  /** Answers to the visitor's own questions. */
  readonly answers: TwinAnswers;
  /** A question about the settings in force; null while nothing is calibrated. */
  question(changes?: Partial<TwinQuestion>): TwinQuestion | null;
  /** Looks for new steps and new settings. Call it every second or two. */
  look(): Promise<void>;
  show(shown: boolean): void;
}

interface TwinHome {
  readonly store: AppStore;
  readonly actions: Pick<AppActions, 'calibration' | 'showOverlay' | 'removeOverlay'>;
  readonly answers: TwinAnswers;
  /** Where calibrations of this browser are kept. */
  readonly shelf: { readonly read: () => string | null; readonly write: (text: string) => void };
  /** A calibration that comes with the page, as text. */
  readonly shipped: () => Promise<string>;
}

const OVERLAY = 'twin';
/** Requests of each point of a curve: enough for a p95, few enough for all curves within a second. */
const CURVE_REQUESTS = 400;
/** Growth of the steps seen from which on they are fitted again. */
const GROWTH = 1.25;

const START_TWIN: TwinState = {
  calibration: null,
  source: 'live',
  present: null,
  error: null,
  shown: true,
};

/** Keeps the predicted curves of the main chart up with the settings and with the steps of the machine. */
export function createTwin({ store: page, actions, answers, shelf, shipped }: TwinHome): Twin {
  const store = createStore<TwinState>(() => START_TWIN);
  /** Of what the curves in the chart were drawn. */
  let drawn = '';
  let looking = false;
  /** Whether something changed while it looked. */
  let again = false;
  let servedKey = '';
  let removing = false;

  function remove(): void {
    removing = true;
    actions.removeOverlay(OVERLAY);
    removing = false;
  }

  function question(changes: Partial<TwinQuestion> = {}): TwinQuestion | null {
    const { calibration } = store.getState();
    if (!calibration) return null;
    const { serving, load, slo } = page.getState().settings;
    const alone = { replicas: 1, router: 'least-outstanding', speed: 1, requests: CURVE_REQUESTS } as const;
    return { calibration, serving, load, slo, ...alone, ...changes };
  }

  async function calibrate(): Promise<void> {
    const served = servedModel(page.getState().model);
    if (!served) return;
    const key = `${served.adapter.name} ${served.model.sha256}`;
    if (key !== servedKey) {
      servedKey = key;
      store.setState({ ...START_TWIN, shown: store.getState().shown });
      const kept = ofMachine(unlessRefused(shelf.read), key);
      if (kept) store.setState({ calibration: kept, source: 'kept' });
      else await takeShipped(served.model.sha256);
    }
    const { calibration, source } = store.getState();
    // A worker that fails gives no answer; its successor is asked at the next look.
    const live = await actions.calibration().catch(() => null);
    if (!live || keyOf(live) !== key) return;
    if (source === 'live' && calibration && live.steps < GROWTH * calibration.steps) return;
    store.setState({ calibration: live, source: 'live' });
    unlessRefused(() => shelf.write(JSON.stringify(live)));
  }

  /** Of the same model only: another one's costs say nothing. */
  async function takeShipped(sha256: string): Promise<void> {
    const calibration = parsed(await shipped().catch(() => ''));
    if (calibration?.model.sha256 === sha256 && !store.getState().calibration)
      store.setState({ calibration, source: 'shipped' });
  }

  async function draw(): Promise<void> {
    const { calibration, shown, source } = store.getState();
    const asked = question();
    const { settings } = page.getState();
    const key = JSON.stringify([
      settings.serving,
      settings.load,
      settings.slo,
      calibration?.fitted_at,
      shown,
    ]);
    if (!asked || key === drawn) return;
    drawn = key;
    if (!shown) {
      remove();
      return;
    }
    const curves = await answers.curves(asked);
    store.setState({ present: presentOf(curves, settings) });
    if (curves.length === 0) remove();
    else actions.showOverlay(overlayOf(curves, asked, source));
  }

  function compare(state: AppState): void {
    const { present, error } = store.getState();
    const measured = state.picture.present;
    const next = present && measured?.settled ? errorOf(present, measured) : null;
    if (next?.p95 !== error?.p95 || next?.throughput !== error?.throughput) store.setState({ error: next });
  }

  page.subscribe((state, before) => {
    if (state.picture !== before.picture) compare(state);
    // The legend's own button takes the curves away: they stay away until they are asked for again.
    const had = before.overlays.some(({ id }) => id === OVERLAY);
    const has = state.overlays.some(({ id }) => id === OVERLAY);
    if (had && !has && !removing) store.setState({ shown: false });
    if (state.settings !== before.settings) void look();
  });

  async function look(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    try {
      do {
        again = false;
        await calibrate();
        await draw();
      } while (again);
    } finally {
      looking = false;
    }
    compare(page.getState());
  }

  return {
    store,
    answers,
    question,
    look,
    show: (shown) => {
      store.setState({ shown });
      void look();
    },
  };
}

/** The browser may refuse its storage, which the page says once for all that it keeps; the twin works without. */
function unlessRefused<Result>(use: () => Result): Result | null {
  try {
    return use();
  } catch {
    return null;
  }
}

const keyOf = ({ adapter, model }: Calibration) => `${adapter.name} ${model.sha256}`;

function ofMachine(text: string | null, key: string): Calibration | null {
  const calibration = parsed(text ?? '');
  return calibration && keyOf(calibration) === key ? calibration : null;
}

/** Null for what is none: another version of the page may have written it. */
function parsed(text: string): Calibration | null {
  try {
    return readCalibration(JSON.parse(text), 'calibration');
  } catch {
    return null;
  }
}

function presentOf(curves: readonly TwinCurve[], { serving, load }: Settings): TwinPoint | null {
  const amount = load.arrival === 'closed' ? load.concurrency : load.rate;
  const own = curves.find(({ policy }) => policy === serving.policy);
  return own?.points.find((point) => point.amount === amount) ?? null;
}

const errorOf = (predicted: TwinPoint, measured: OperatingPoint) => ({
  throughput: predicted.throughput_rps / measured.throughput_rps - 1,
  p95: predicted.p95Ms / measured.p95Ms - 1,
});

const SOURCE_WORDS: Readonly<Record<TwinSource, string>> = {
  live: 'twin of this machine',
  kept: 'twin of this machine, from an earlier visit',
  shipped: 'twin of another machine, until this one is known',
};

function overlayOf(curves: readonly TwinCurve[], asked: TwinQuestion, source: TwinSource): PlaneOverlay {
  const { calibration, serving, load } = asked;
  return {
    id: OVERLAY,
    name: `Predicted (${SOURCE_WORDS[source]})`,
    curves: curves
      .filter(({ points }) => points.length > 0)
      .map(
        ({ policy, points }): PlaneCurve => ({
          key: `twin ${policy}`,
          kind: 'predicted',
          policy,
          label: `${policy}, predicted`,
          points: points.map((point) => ({
            key: `twin ${policy} ${point.amount}`,
            x: point.throughput_rps,
            y: point.p95Ms,
            range: null,
            label: '',
            title: `${policy}, ${load.arrival === 'closed' ? `${point.amount} clients` : `${rounded(point.amount)} requests/s`}`,
            figures: point,
            lostShare: point.lostShare,
            keepsUp: point.lostShare === 0 && point.saturation !== 'overloaded',
            setting: {
              model: calibration.model.name,
              adapter: calibration.adapter.name,
              serving: { ...serving, policy },
              load:
                load.arrival === 'closed'
                  ? { ...load, concurrency: point.amount }
                  : { ...load, rate: rounded(point.amount) },
            },
            note: point.extrapolated.length > 0 ? `Extrapolated: ${point.extrapolated.join('; ')}.` : '',
          })),
        }),
      ),
  };
}

const rounded = (rate: number) => Math.round(rate * 100) / 100;
