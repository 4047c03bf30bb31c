import { DISTURBANCES, DISTURBED_WORDS } from '../core/disturbance';
import type { ExperimentRun, PlannedPoint, RunEnvironment } from '../core/experiment';
import { nameAndHash } from '../core/format';
import { statusWords } from './experiment';

/** Hardware, model, load and date of a run as short lines: for the foot of a picture and the head of a report. */
export function smallPrint(run: ExperimentRun): readonly string[] {
  const { adapter, model, revision, browser } = run.environment;
  const software = adapter.software ? ' (software)' : '';
  const total = run.points.length * run.repeats;
  const words = statusWords(run.status, { done: run.units.length, total });
  const unfinished = run.status.kind === 'finished' ? '' : `, ${words}`;
  return [
    `${nameAndHash(model, 8)} on ${adapter.kind}: ${adapter.name}${software} · ${browser}`,
    [...loadWords(run.points), extentWords(run), `seed ${run.seed}`].join(' · '),
    `Headway, revision ${revision} · ${run.experiment}, started ${run.started_at.slice(0, 16).replace('T', ' ')} UTC${unfinished}`,
    ...disturbedLines(run),
    ...importedLines(run),
  ];
}

function importedLines({ imported }: ExperimentRun): readonly string[] {
  if (!imported) return [];
  const { doubts } = imported;
  const [first] = doubts;
  if (first === undefined) return ['Imported from a file'];
  return [`Imported from a file; ${doubts.length} of its figures contradict its records: ${first}`];
}

/** How many repeats were disturbed from outside. */
function disturbedLines({ units }: ExperimentRun): readonly string[] {
  return DISTURBANCES.flatMap((one) => {
    const count = units.filter(({ disturbed }) => disturbed?.includes(one)).length;
    return count === 0 ? [] : [`${count} of ${units.length} measured ${DISTURBED_WORDS[one]}`];
  });
}

/** The part of the load that all points share. */
function loadWords(points: readonly PlannedPoint[]): readonly string[] {
  const shared = <Value>(of: (point: PlannedPoint) => Value): Value | null => {
    const [value, ...others] = new Set(points.map(of));
    return value === undefined || others.length > 0 ? null : value;
  };
  const arrival = shared(({ load }) => load.arrival);
  const clients = shared(({ load }) => load.concurrency);
  const rate = shared(({ load }) => load.rate);
  const tokens = shared(({ load }) => load.outputTokens);
  const amount = arrival === 'closed' ? of(clients, 'clients') : of(rate, 'requests/s');
  return [
    arrival === null ? '' : arrival === 'closed' ? `closed loop${amount}` : `${arrival} arrivals${amount}`,
    tokens === null || tokens === 'eos' ? '' : `answers of ${tokens} tokens`,
  ].filter((word) => word !== '');
}

const of = (value: number | null, unit: string) => (value === null ? '' : ` of ${value} ${unit}`);

function extentWords({ points, repeats }: ExperimentRun): string {
  const times = repeats === 1 ? 'once' : `${repeats} repeats`;
  const [requests, ...others] = new Set(points.map((point) => point.requests));
  return typeof requests === 'number' && others.length === 0 ? `${times} of ${requests} requests` : times;
}

/** Differences that make the figures of two environments incomparable, as clauses with both values; empty when there are none. */
export function environmentDifferences(before: RunEnvironment, now: RunEnvironment): readonly string[] {
  const values = ({ adapter, model, revision }: RunEnvironment) => [
    ['the adapter', `${adapter.kind}: ${adapter.name}`],
    ['the model', nameAndHash(model, 12)],
    ['the code', `revision ${revision}`],
  ];
  const after = values(now);
  return values(before).flatMap(([what, was], i) => {
    const is = after[i]?.[1];
    return is === was ? [] : `${what} was ${was} and is ${is}`;
  });
}
