import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import * as v from 'valibot';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun, MeasuredUnit } from '../core/experiment';
import type { RunSummary } from '../core/figures';
import { OUTCOMES } from '../core/request';
import { percentilesOf } from '../metrics/percentiles';
import { latencyOf, ttftOf } from '../metrics/timings';
import type { ExportFile } from './export';
import { faultsIn, RUN_SCHEMA, UNIT_SCHEMA } from './run-schema';

/** The one file of an export that holds the whole run. */
const RUN = 'run.json';
/** Bytes of a file that is read, and of a run's JSON once unpacked. */
const LARGEST = 128 * 1024 * 1024;
const MOST_FILES = 1000;
/** Of these, all faults are told; of more records, the first fault. */
const FEW_RECORDS = 1000;
/** Records between two rests: some 20 ms of checking. */
const RECORDS_AT_ONCE = 2000;

/** All files of an export as one zip. Pictures are packed already. */
export const packRun = (files: readonly ExportFile[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      files.map(({ name, content }) =>
        typeof content === 'string' ? [name, strToU8(content)] : [name, [content, { level: 0 as const }]],
      ),
    ),
  );

/** A browser's `File`, or what is like it. */
interface RunFile {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly arrayBuffer: () => Promise<ArrayBuffer>;
}

/** Leaves the thread to others for a moment. */
type Rest = () => Promise<void>;

/**
 * The way back: a run from an exported zip or from its `run.json` alone, marked as imported, with what its summaries say
 * that its records contradict. The file may be anything: it is bounded, and refused by the place of what is wrong.
 * @param rest called every few thousand records, so that reading a large file does not block the page
 * @throws HeadwayError `invalid-request`
 */
export async function readRunFile(file: RunFile, rest: Rest = async () => {}): Promise<ExperimentRun> {
  if (file.size > LARGEST) {
    throw invalid(`${file.name} has ${file.size} bytes; at most ${LARGEST} can be read.`);
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isZip = bytes[0] === 0x50 && bytes[1] === 0x4b;
  const name = isZip ? `${RUN} in ${file.name}` : file.name;
  return readRun(isZip ? unpacked(file.name, bytes) : strFromU8(bytes), name, rest);
}

function unpacked(name: string, bytes: Uint8Array): string {
  const seen: string[] = [];
  const runs: string[] = [];
  const files = unzip(name, bytes, (file) => {
    seen.push(file.name);
    if (seen.length > MOST_FILES) throw invalid(`${name} holds more than ${MOST_FILES} files.`);
    if (file.name.split('/').at(-1) !== RUN) return false;
    runs.push(file.name);
    if (runs.length > 1) throw invalid(`${name} holds several runs, ${runs.join(' and ')}; one is allowed.`);
    if (file.originalSize <= LARGEST) return true;
    throw invalid(`${RUN} in ${name} has ${file.originalSize} bytes; at most ${LARGEST} can be read.`);
  });
  const [run] = Object.values(files);
  if (run) return strFromU8(run);
  const some = seen.slice(0, 10).join(', ');
  const more = seen.length > 10 ? ` and ${seen.length - 10} more` : '';
  throw invalid(`${name} holds no ${RUN}; it holds ${some || 'nothing'}${more}.`);
}

function unzip(
  name: string,
  bytes: Uint8Array,
  filter: (file: { name: string; originalSize: number }) => boolean,
) {
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    if (error instanceof HeadwayError) throw error;
    throw invalid(`${name} is no zip that can be read: ${error instanceof Error ? error.message : error}.`);
  }
}

async function readRun(text: string, name: string, rest: Rest): Promise<ExperimentRun> {
  const refuse = (faults: string) => invalid(`${name} is no experiment that this page can read: ${faults}.`);
  const whole = v.safeParse(RUN_SCHEMA, parsed(text, name), { abortPipeEarly: true });
  if (!whole.success) throw refuse(faultsIn(whole.issues));
  const { units: given, ...run } = whole.output;
  const points = new Map(run.points.map((point) => [point.id, point]));
  const seen = new Set<string>();
  const units: MeasuredUnit[] = [];
  const doubts: string[] = [];
  let unrested = 0;
  for (const [index, one] of given.entries()) {
    const place = `units.${index}`;
    const result = v.safeParse(UNIT_SCHEMA, one, { abortPipeEarly: true, abortEarly: hasManyRecords(one) });
    if (!result.success) throw refuse(faultsIn(result.issues, place));
    const unit = result.output;
    const point = points.get(unit.point);
    if (!point) throw refuse(`${place}: "${unit.point}" is none of the points`);
    if (unit.repeat > run.repeats) throw refuse(`${place}: repeat ${unit.repeat} of ${run.repeats}`);
    const key = `${unit.point}, repeat ${unit.repeat}`;
    if (seen.has(key)) throw refuse(`${place}: ${key} is there twice`);
    seen.add(key);
    units.push(unit);
    doubts.push(...contradictions(unit).map((doubt) => `${point.label}, repeat ${unit.repeat}: ${doubt}`));
    unrested += unit.records.length;
    if (unrested < RECORDS_AT_ONCE) continue;
    unrested = 0;
    await rest();
  }
  return { ...run, units, imported: { doubts } };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw invalid(`${name} is not JSON: ${reason}.`);
  }
}

function hasManyRecords(unit: unknown): boolean {
  const records: unknown = typeof unit === 'object' && unit !== null ? Reflect.get(unit, 'records') : null;
  return Array.isArray(records) && records.length > FEW_RECORDS;
}

/** How far a figure of the summary may be from the same figure of the records: rounding, and formulas of other versions. */
const isClose = (a: number, b: number, share: number) =>
  Math.abs(a - b) <= 1 + share * Math.max(Math.abs(a), Math.abs(b));

/** What the summary says that its records do not, as clauses. */
function contradictions({ summary, records }: MeasuredUnit): readonly string[] {
  const completed = records.filter(({ outcome }) => outcome === 'completed');
  const settled = (outcome: string) => records.filter((record) => record.outcome === outcome).length;
  const counts: readonly (readonly [keyof RunSummary, number, number])[] = [
    ['requests', summary.requests, records.length],
    ...OUTCOMES.map((outcome) => {
      const name = outcome === 'completed' ? 'ok' : outcome;
      return [name, summary[name], settled(outcome)] as const;
    }),
  ];
  const wrongCounts = counts
    .filter(([, said, found]) => said !== found)
    .map(([name, said, found]) => `the summary has ${said} under ${name}, its records ${found}`);
  const times = [
    ['latency_ms', completed.map(latencyOf)],
    ['ttft_ms', completed.map(ttftOf)],
  ] as const;
  const wrongTimes = times.flatMap(([name, measured]) => {
    const found = percentilesOf(measured.filter((ms) => ms !== null))?.p95 ?? null;
    const said = summary[name]?.p95 ?? null;
    const agree = said === null || found === null ? said === found : isClose(said, found, 0.05);
    return agree ? [] : `the summary has a p95 of ${said} under ${name}, its records ${found}`;
  });
  return [...wrongCounts, ...wrongTimes];
}

const invalid = (message: string) => new HeadwayError('invalid-request', message);
