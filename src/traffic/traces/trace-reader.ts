import { csvParseRows } from 'd3-dsv';
import { HeadwayError } from '../../core/errors';
import type { TraceUnit } from '../../core/load-config';
import { decimalOf } from '../../core/text';
import type { Trace, TraceInfo } from '../../core/trace';
import { formatOf, TICKS_PER_UNIT, TRACE_FORMATS, type TraceFormat } from './trace-formats';

/** How one line becomes time, prompt and answer, found by the names of their columns. */
interface Layout {
  readonly format: TraceFormat;
  /** @throws LineError */
  readonly valuesOf: (line: string) => readonly unknown[];
}

/** Rows that are read before what is not kept is dropped. */
const ROWS_AT_ONCE = 100_000;

/** More than any context; what is above was never a length. */
const LONGEST = 1_000_000_000;

/** What of a trace is kept, so that memory is bounded by what is played. */
export interface TracePart {
  /** Seconds of the trace from its first request; 0 = to its end. */
  readonly toS: number;
  /** Requests from the first on; null = all. */
  readonly most: number | null;
  readonly unit: TraceUnit;
}

const WHOLE: TracePart = { toS: 0, most: null, unit: 'auto' };

/** No recorded service had so many requests a second: times that say so count seconds, not milliseconds. */
const HIGHEST_RATE = 10_000;

/**
 * Reads a trace of any of `TRACE_FORMATS`, as CSV with a header or as JSON lines. The text comes in pieces of any size, so
 * that the caller can do other work in between.
 * @throws HeadwayError `invalid-trace` from `push` and `end`, with the line's number and what is wrong with it
 */
export class TraceReader {
  readonly #name: string;
  readonly #part: TracePart;
  #layout: Layout | null = null;
  #line = 0;
  /** The begin of a line whose end has not come. */
  #rest = '';
  /** Times are kept as their difference to the first, which a floating-point number holds exactly. */
  #firstTicks: bigint | null = null;
  #ticks: number[] = [];
  #promptTokens: number[] = [];
  #outputTokens: number[] = [];
  #requests = 0;
  #failed = 0;
  #unsorted = 0;
  #earliest = 0;
  #latest = Number.NEGATIVE_INFINITY;
  /** Whether a time was no whole number. */
  #fractions = false;

  /** @param name of the file, for errors and the record */
  constructor(name: string, part: TracePart = WHOLE) {
    this.#name = name;
    this.#part = part;
  }

  push(text: string): void {
    const lines = text.split('\n');
    lines[0] = this.#rest + (lines[0] ?? '');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#read(line);
  }

  /** The last line needs no end. */
  end(): Trace {
    if (this.#rest !== '') this.#read(this.#rest);
    this.#rest = '';
    if (!this.#layout) throw this.#wrong(`it is empty; ${KNOWN}`);
    if (this.#requests === 0) {
      throw this.#wrong(
        this.#failed === 0
          ? 'it has a header and no request'
          : `none of its ${this.#failed} requests both reads and writes a token`,
      );
    }
    const { unit, unitReason } = this.#unit(this.#layout.format);
    const ticksPerMs = Number(TICKS_PER_UNIT) / (unit === 'ms' ? 1 : 1000);
    this.#keepFirst(this.#part.most ?? Number.POSITIVE_INFINITY);
    const kept = this.#ticks.length;
    const durationMs = (this.#latest - this.#earliest) / ticksPerMs;
    return {
      name: this.#name,
      format: this.#layout.format.title,
      unit,
      unitReason,
      ...(kept < this.#requests ? { whole: { requests: this.#requests, durationMs } } : {}),
      failed: this.#failed,
      unsorted: this.#unsorted,
      at: Float64Array.from(this.#ticks, (tick) => (tick - this.#earliest) / ticksPerMs),
      promptTokens: Uint32Array.from(this.#promptTokens),
      outputTokens: Uint32Array.from(this.#outputTokens),
    };
  }

  /** What the times count. */
  #unit({ unit }: TraceFormat): Pick<Trace, 'unit' | 'unitReason'> {
    const asked = this.#part.unit;
    if (unit === null) return { unit, unitReason: null };
    if (asked !== 'auto') return { unit: asked, unitReason: 'as asked for' };
    if (unit === 's') return { unit, unitReason: null };
    if (this.#fractions) return { unit: 's', unitReason: 'seconds, since they have fractions' };
    const span = (this.#latest - this.#earliest) / Number(TICKS_PER_UNIT);
    const rate = (this.#requests * 1000) / span;
    return this.#requests > 1 && rate > HIGHEST_RATE
      ? {
          unit: 's',
          unitReason: `seconds, since as milliseconds they would be ${Math.round(rate)} requests/s`,
        }
      : { unit: 'ms', unitReason: null };
  }

  #read(raw: string): void {
    this.#line += 1;
    const line = raw.replace(/^\uFEFF/, '').trimEnd();
    if (line === '') return;
    try {
      if (!this.#layout) {
        this.#layout = layoutOf(line);
        // A CSV's first line is its header, JSON lines begin with a request.
        if (!line.startsWith('{')) return;
      }
      this.#take(this.#layout, line);
    } catch (reason) {
      throw reason instanceof LineError ? this.#wrong(reason.message, this.#line) : reason;
    }
  }

  #take({ format, valuesOf }: Layout, line: string): void {
    const [when, prompt, output] = valuesOf(line);
    const time = textOf(when, format.time);
    const moment = format.ticksOf(time);
    if (moment === null) throw new LineError(`${format.time} must be ${format.timeLooks}; given: "${time}"`);
    const promptTokens = tokensOf(prompt, format.promptTokens);
    const outputTokens = tokensOf(output, format.outputTokens);
    if (promptTokens === 0 || outputTokens === 0) {
      this.#failed += 1;
      return;
    }
    this.#firstTicks ??= moment;
    if (moment % TICKS_PER_UNIT !== 0n) this.#fractions = true;
    const ticks = Number(moment - this.#firstTicks);
    this.#requests += 1;
    if (ticks < this.#latest) this.#unsorted += 1;
    this.#latest = Math.max(this.#latest, ticks);
    this.#earliest = Math.min(this.#earliest, ticks);
    if (ticks >= this.#end(format)) return;
    this.#ticks.push(ticks);
    this.#promptTokens.push(promptTokens);
    this.#outputTokens.push(outputTokens);
    const { most } = this.#part;
    if (most !== null && this.#ticks.length >= 2 * most + ROWS_AT_ONCE) this.#keepFirst(most);
  }

  /** Ticks from which on nothing is played, as far as that can be said before the end of the file. */
  #end({ unit: own }: TraceFormat): number {
    const { toS, unit } = this.#part;
    if (toS === 0 || (own === 'either' && unit === 'auto')) return Number.POSITIVE_INFINITY;
    const units = own !== null && unit === 'ms' ? toS * 1000 : toS;
    return this.#earliest + units * Number(TICKS_PER_UNIT);
  }

  /** In the order of time; what is at the same time stays in the order of the file. */
  #keepFirst(most: number): void {
    const ticks = this.#ticks;
    let sorted = true;
    for (let row = 1; row < ticks.length; row++) {
      if ((ticks[row] ?? 0) < (ticks[row - 1] ?? 0)) sorted = false;
    }
    if (sorted && ticks.length <= most) return;
    const order = Array.from(ticks.keys());
    if (!sorted) order.sort((a, b) => (ticks[a] ?? 0) - (ticks[b] ?? 0) || a - b);
    order.length = Math.min(order.length, most);
    const pick = (values: readonly number[]) => order.map((row) => values[row] ?? 0);
    this.#ticks = pick(this.#ticks);
    this.#promptTokens = pick(this.#promptTokens);
    this.#outputTokens = pick(this.#outputTokens);
  }

  #wrong(reason: string, line?: number): HeadwayError {
    const where = line === undefined ? this.#name : `${this.#name}, line ${line}`;
    return new HeadwayError('invalid-trace', `${where}: ${reason}.`);
  }
}

/** What is wrong with a line, as a sentence without the line's number. */
class LineError extends Error {}

const KNOWN = `a trace has one of these headers, as CSV, or such names in each line of JSON: ${TRACE_FORMATS.map(
  ({ title, time, promptTokens, outputTokens }) => `${time},${promptTokens},${outputTokens} (${title})`,
).join('; ')}`;

function layoutOf(first: string): Layout {
  const isJson = first.startsWith('{');
  const columns = isJson ? Object.keys(objectOf(first)) : cellsOf(first);
  const format = formatOf(columns);
  if (!format) {
    throw new LineError(
      `these are the columns of no known trace: ${columns.join(',').slice(0, 100)}; ${KNOWN}`,
    );
  }
  const names = [format.time, format.promptTokens, format.outputTokens];
  if (isJson) {
    return {
      format,
      valuesOf: (line) => {
        const object = objectOf(line);
        return names.map((name) => object[name]);
      },
    };
  }
  const places = names.map((name) => columns.indexOf(name));
  return {
    format,
    valuesOf: (line) => {
      const cells = cellsOf(line);
      if (cells.length === columns.length) return places.map((place) => cells[place]);
      throw new LineError(`it has ${cells.length} columns; the header has ${columns.length}`);
    },
  };
}

function objectOf(line: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new LineError(`this is not JSON: ${line.slice(0, 80)}`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new LineError(`this is not a JSON object: ${line.slice(0, 80)}`);
}

const cellsOf = (line: string): readonly string[] =>
  (line.includes('"') ? (csvParseRows(line)[0] ?? []) : line.split(',')).map((cell) => cell.trim());

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new LineError(value === undefined ? `${name} is missing` : `${name} is ${JSON.stringify(value)}`);
}

function tokensOf(value: unknown, name: string): number {
  const text = textOf(value, name);
  const tokens = decimalOf(text) ?? Number.NaN;
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= LONGEST) return tokens;
  throw new LineError(`${name} must be a whole number from 0 to ${LONGEST}; given: "${text}"`);
}

/** What stands in the record of a run. @param sha256 of the file's bytes, hexadecimal */
export function traceInfo(trace: Trace, sha256: string): TraceInfo {
  const { name, format, unit, at, failed, unsorted } = trace;
  const { requests, durationMs } = trace.whole ?? { requests: at.length, durationMs: at.at(-1) ?? 0 };
  const durationS = durationMs / 1000;
  return { name, sha256, format, requests, durationS, ...(unit === null ? {} : { unit }), failed, unsorted };
}
