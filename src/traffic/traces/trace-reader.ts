import { csvParseRows } from 'd3-dsv';
import { HeadwayError } from '../../core/errors';
import type { Trace } from '../../core/trace';
import { formatOf, TRACE_FORMATS, type TraceFormat } from './trace-formats';
import { TICKS_PER_MS } from './trace-time';

/** How one line becomes time, prompt and answer, found by the names of their columns. */
interface Layout {
  readonly format: TraceFormat;
  /** @throws LineError */
  readonly valuesOf: (line: string) => readonly unknown[];
}

/** More than any context; what is above was never a length. */
const LONGEST = 1_000_000_000;

/**
 * Reads a trace of any of `TRACE_FORMATS`, as CSV with a header or as JSON lines. The text comes in pieces of any size, so
 * that whoever gives them can do something else in between.
 * @throws HeadwayError `invalid-trace` from `push` and `end`, with the line's number and what is wrong with it
 */
export class TraceReader {
  readonly #name: string;
  #layout: Layout | null = null;
  #line = 0;
  /** The begin of a line whose end has not come. */
  #rest = '';
  /** Times are kept as their difference to the first, which a floating-point number holds exactly. */
  #firstTicks: bigint | null = null;
  readonly #ticks: number[] = [];
  readonly #promptTokens: number[] = [];
  readonly #outputTokens: number[] = [];
  #failed = 0;

  /** @param name of the file, for errors and the record */
  constructor(name: string) {
    this.#name = name;
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
    if (this.#ticks.length === 0) {
      throw this.#wrong(
        this.#failed === 0
          ? 'it has a header and no request'
          : `none of its ${this.#failed} requests both reads and writes a token`,
      );
    }
    return {
      name: this.#name,
      format: this.#layout.format.title,
      failed: this.#failed,
      ...inOrder(this.#ticks, this.#promptTokens, this.#outputTokens),
    };
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
    const ticks = format.ticksOf(time);
    if (ticks === null) throw new LineError(`${format.time} must be ${format.timeLooks}; given: "${time}"`);
    const promptTokens = tokensOf(prompt, format.promptTokens);
    const outputTokens = tokensOf(output, format.outputTokens);
    if (promptTokens === 0 || outputTokens === 0) {
      this.#failed += 1;
      return;
    }
    this.#firstTicks ??= ticks;
    this.#ticks.push(Number(ticks - this.#firstTicks));
    this.#promptTokens.push(promptTokens);
    this.#outputTokens.push(outputTokens);
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

const cellsOf = (line: string): readonly string[] => (csvParseRows(line)[0] ?? []).map((cell) => cell.trim());

function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  throw new LineError(value === undefined ? `${name} is missing` : `${name} is ${JSON.stringify(value)}`);
}

function tokensOf(value: unknown, name: string): number {
  const text = textOf(value, name);
  const tokens = text === '' ? Number.NaN : Number(text);
  if (Number.isInteger(tokens) && tokens >= 0 && tokens <= LONGEST) return tokens;
  throw new LineError(`${name} must be a whole number from 0 to ${LONGEST}; given: "${text}"`);
}

/** From the earliest on; what is at the same time stays in the order of the file. */
function inOrder(ticks: readonly number[], prompts: readonly number[], outputs: readonly number[]) {
  let latest = Number.NEGATIVE_INFINITY;
  const unsorted = ticks.filter((tick) => {
    const behind = tick < latest;
    latest = Math.max(latest, tick);
    return behind;
  }).length;
  const order = Uint32Array.from(ticks.keys());
  if (unsorted > 0) order.sort((a, b) => (ticks[a] ?? 0) - (ticks[b] ?? 0) || a - b);
  const begin = ticks[order[0] ?? 0] ?? 0;
  return {
    at: Float64Array.from(order, (row) => ((ticks[row] ?? 0) - begin) / TICKS_PER_MS),
    promptTokens: Uint32Array.from(order, (row) => prompts[row] ?? 0),
    outputTokens: Uint32Array.from(order, (row) => outputs[row] ?? 0),
    unsorted,
  };
}
