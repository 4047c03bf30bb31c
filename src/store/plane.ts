import { disturbedWords } from '../core/disturbance';
import type { ExperimentRun } from '../core/experiment';
import type { Policy } from '../core/serving-config';
import { figuresOf } from '../experiments/figures';
import { formatShare } from './format';
import {
  type FinishedSetting,
  keepsUp,
  keyOf,
  type OperatingPoint,
  type Picture,
  type PointFigures,
  sameParts,
} from './operating-point';
import { fullLabel, shortLabels } from './setting-label';
import { type LoadName, type PointSetting, type ServingName, settingKey } from './settings';

/** Where the figures of a curve come from. Only `measured` ones are of this visit's load. */
export type CurveKind = 'measured' | 'kept' | 'predicted';

/** One point of the plane of throughput and tail latency. */
export interface PlanePoint {
  readonly key: string;
  /** Completed requests per second; E2E latency p95, ms. */
  readonly x: number;
  readonly y: number;
  /** How far p95 may be off, ms: an interval, or the range of the repeats. */
  readonly range: readonly [low: number, high: number] | null;
  /** Few words beside it; empty for none. */
  readonly label: string;
  /** All of its setting. */
  readonly title: string;
  readonly figures: PointFigures;
  /** Whether requests were lost there: a point that dropped its slow requests must not look good. */
  readonly lostShare: number;
  readonly keepsUp: boolean;
  /** The setting that is put in force by choosing the point; null where there is none. */
  readonly setting: PointSetting | null;
  /** What else there is to say, as a sentence: a verdict, a disturbance, an error of a prediction. */
  readonly note: string;
}

/** Points of one setting family, in the order of what was swept. A layer of the main chart is a list of these. */
export interface PlaneCurve {
  readonly key: string;
  readonly kind: CurveKind;
  /** Decides colour and mark; null for a curve of no single policy. */
  readonly policy: Policy | null;
  /** At the end of the curve, and in the legend. */
  readonly label: string;
  readonly points: readonly PlanePoint[];
}

/** Curves that are laid over the measured ones: a kept run, a remote server, a prediction. Removed by their `id`. */
export interface PlaneOverlay {
  readonly id: string;
  /** In the legend, beside the button that removes it. */
  readonly name: string;
  readonly curves: readonly PlaneCurve[];
}

export interface Plane {
  readonly curves: readonly PlaneCurve[];
  /** The load's present point, which is also the last of its curve once it has settled. */
  readonly now: PlanePoint | null;
  readonly nowPolicy: Policy | null;
  readonly nowSettled: boolean;
  /** Settled points of the present setting, oldest first. */
  readonly trail: readonly OperatingPoint[];
  /** The points that no other measured point beats, by throughput. */
  readonly front: readonly OperatingPoint[];
}

/** Key of the present point among a plane's points. */
const NOW = 'now';

/** Everything that the main chart draws. */
export function planeOf(picture: Picture, overlays: readonly PlaneOverlay[] = []): Plane {
  const { finished, present, parts, setting, since, trail } = picture;
  const others = finished.filter((old) => keyOf(old) !== keyOf(picture));
  const current = present ? [{ id: 0, parts, setting, point: present }] : [];
  const families = familiesOf([...(present ? others : finished), ...current]);
  const curves = families.map(curveOf(families));
  const now = curves.flatMap(({ points }) => points).find(({ key }) => key === NOW) ?? null;
  return {
    curves: [...overlays.flatMap((overlay) => overlay.curves), ...curves],
    now,
    nowPolicy: setting?.serving.policy ?? null,
    nowSettled: present?.settled ?? false,
    trail: trail.filter(({ at }) => at >= since),
    front: paretoFront([...others.map(({ point }) => point), ...(present ? [present] : [])]),
  };
}

interface Sweep {
  /** What moving the slider changes. */
  readonly names: readonly (ServingName | LoadName)[];
  readonly amount: (setting: PointSetting) => number;
  /** Its place among the parts of a label. */
  readonly part: number;
}

const SWEEPS: readonly Sweep[] = [
  {
    names: ['concurrency', 'rate'],
    amount: ({ load }) => (load.arrival === 'closed' ? load.concurrency : load.rate),
    part: 3,
  },
  { names: ['maxBatch'], amount: ({ serving }) => serving.maxBatch, part: 1 },
  { names: ['maxWaitMs'], amount: ({ serving }) => serving.maxWaitMs, part: 2 },
];

/** In the order of the first of each group. */
function groupBy<T, Key>(all: readonly T[], keyOf: (one: T) => Key): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return groups;
}

interface Family {
  readonly key: string;
  readonly swept: number;
  readonly members: readonly FinishedSetting[];
}

/**
 * Settings that differ in one swept quantity alone, in its order: the curve that moving that slider drew. Of several
 * quantities the one with the most values is taken, so that a grid gives curves and not a mesh.
 */
function familiesOf(settings: readonly FinishedSetting[]): readonly Family[] {
  const valuesOf = ({ amount }: Sweep) =>
    new Set(settings.map(({ setting }) => setting && amount(setting))).size;
  const sweep = SWEEPS.reduce((best, one) => (valuesOf(one) > valuesOf(best) ? one : best));
  const groups = groupBy(settings, ({ setting, parts }) =>
    setting ? settingKey(setting, sweep.names) : parts.join('|'),
  );
  const amount = ({ setting }: FinishedSetting) => (setting ? sweep.amount(setting) : 0);
  return [...groups].map(([key, group]) => ({
    key,
    swept: sweep.part,
    members: group.toSorted((a, b) => amount(a) - amount(b)),
  }));
}

/** Names of families and points are as short as they can be among those that are drawn together. */
function curveOf(families: readonly Family[]): (family: Family) => PlaneCurve {
  const all = families.flatMap(({ members }) => members.map(({ parts }) => parts));
  const familyParts = ({ members, swept }: Family) => members[0]?.parts.with(swept, '') ?? [];
  const nameOf = (family: Family) => {
    const parts = familyParts(family);
    const alike = families.map(familyParts).filter(([policy]) => policy === parts[0]);
    const own = alike.findIndex((other) => sameParts(other, parts));
    return [parts[0], shortLabels(alike)[own]].filter(Boolean).join(' · ');
  };
  const aloneName = (family: Family, parts: readonly string[]) =>
    all.length > 1 ? [nameOf(family), parts[family.swept]].filter(Boolean).join(' · ') : fullLabel(parts);
  return (family) => {
    const { key, members, swept } = family;
    const [first] = members;
    const isAlone = members.length === 1;
    return {
      key: `measured ${key}`,
      kind: 'measured',
      policy: first?.setting?.serving.policy ?? null,
      label: nameOf(family),
      points: members.map(({ id, parts, setting, point }) => ({
        ...pointOf(point),
        key: id === 0 ? NOW : String(id),
        label: `${isAlone ? aloneName(family, parts) : parts[swept]}${lostWords(point)}`,
        title: fullLabel(parts),
        setting,
      })),
    };
  };
}

const lostWords = ({ lostShare }: OperatingPoint) =>
  lostShare > 0 ? ` · ${formatShare(lostShare)} lost` : '';

const pointOf = (point: OperatingPoint) => ({
  x: point.throughput_rps,
  y: point.p95Ms,
  range: point.p95IntervalMs,
  figures: point,
  lostShare: point.lostShare,
  keepsUp: keepsUp(point),
  note: noteOf(point),
});

function noteOf({ saturation, disturbed }: OperatingPoint): string {
  const queue = saturation === null ? '' : `Queue ${saturation}.`;
  const words = disturbedWords(disturbed);
  return [queue, words === '' ? '' : `Measured ${words}.`].filter(Boolean).join(' ');
}

/** A kept run as curves: one per policy, in the order of its plan. */
export function runOverlay(run: ExperimentRun): PlaneOverlay {
  const measured = figuresOf(run).filter(
    ({ summary }) => summary.throughput_rps !== null && summary.latency_ms !== null,
  );
  const { adapter, model } = run.environment;
  const byPolicy = groupBy(measured, ({ point }) => point.serving.policy);
  const curves = [...byPolicy].map(
    ([policy, points]): PlaneCurve => ({
      key: `kept ${run.id} ${policy}`,
      kind: 'kept',
      policy,
      label: `${run.name}: ${policy}`,
      points: points.map(({ point, summary, p95, endedEarly }) => ({
        key: `${run.id} ${point.id}`,
        x: summary.throughput_rps ?? 0,
        y: summary.latency_ms?.p95 ?? 0,
        range: p95 ? [p95.min, p95.max] : null,
        label: '',
        title: point.label,
        figures: {
          throughput_rps: summary.throughput_rps ?? 0,
          outputTps: summary.throughput_tps,
          p50Ms: summary.latency_ms?.p50 ?? null,
          p95Ms: summary.latency_ms?.p95 ?? 0,
          p99Ms: summary.latency_ms?.p99 ?? null,
          ttftP95Ms: summary.ttft_ms?.p95 ?? null,
          tpotP50Ms: summary.tpot_ms?.p50 ?? null,
          goodput_rps: summary.goodput_rps,
          wastedShare: summary.wasted_token_share,
          batchFill: summary.mean_batch_fill,
          completions: summary.ok,
        },
        lostShare: summary.requests > 0 ? 1 - summary.ok / summary.requests : 0,
        keepsUp: summary.ok === summary.requests && summary.saturation !== 'overloaded',
        setting: { model: model.name, adapter: adapter.name, serving: point.serving, load: point.load },
        note: `${run.name}, on ${adapter.name}${endedEarly === null ? '' : `; ended early: ${endedEarly}`}.`,
      })),
    }),
  );
  return { id: run.id, name: run.name, curves };
}

/**
 * The points that no other beats, by throughput: none has as many requests a second at as low a p95, and one of them
 * better. A point where requests were lost or the queue grew without end is not on it and beats no other: its p95 is of
 * the requests that happened to get through.
 */
export function paretoFront(points: readonly OperatingPoint[]): readonly OperatingPoint[] {
  const good = points.filter((point) => point.settled && keepsUp(point));
  return good
    .filter((point) => !good.some((other) => beats(other, point)))
    .toSorted((a, b) => a.throughput_rps - b.throughput_rps);
}

const beats = (a: OperatingPoint, b: OperatingPoint): boolean =>
  a.throughput_rps >= b.throughput_rps &&
  a.p95Ms <= b.p95Ms &&
  (a.throughput_rps > b.throughput_rps || a.p95Ms < b.p95Ms);
