import { BACKENDS, type BackendChoice } from '../core/engine';
import { HeadwayError, type PlainError, toPlain } from '../core/errors';
import { LOAD_PARAMETERS, type LoadConfig, withImpliedArrival } from '../core/load-config';
import { checkParameter, linkKeyOf, type Parameter, parseEntry } from '../core/parameter';
import { SERVING_PARAMETERS } from '../core/serving-config';
import { SLO_PARAMETERS } from '../core/slo-parameters';
import { parseWasmThreads } from '../core/wasm-threads';
import { contradiction } from '../traffic/contradictions';
import type { Settings } from './settings';

/** Parts of the page that can be shown alone. */
export const EMBEDS = ['demo', 'chart', 'race'] as const;
export type Embed = (typeof EMBEDS)[number];

/** Which rate it is does not matter to what it implies. */
const RATE: Partial<LoadConfig> = { rate: 1 };

export interface DecodedLink {
  readonly settings: Settings;
  /** False with `autostart=off`: the model is loaded, no load is started. */
  readonly autostart: boolean;
  /** Whether the link names a setting of its own: a first visit is one without. */
  readonly hasSettings: boolean;
  /** With `show-me=on`: the 30 seconds start by themselves. */
  readonly showMe: boolean;
  /** The one part of the page that is shown, for an iframe; null for all of it. */
  readonly embed: Embed | null;
  /** One per value that was not allowed; its setting has the start value instead. */
  readonly problems: readonly PlainError[];
}

/**
 * What a link of each version leaves out means. A table that links were made with never changes: other start settings need a
 * new version. A link without a version names every setting that it was made with.
 */
const LEFT_OUT: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '1': {
    model: 'mini-gpt',
    backend: 'auto',
    'wasm-threads': 'auto',
    policy: 'continuous',
    'max-batch': '8',
    'max-wait-ms': '20',
    'max-queue': '1024',
    'max-batch-tokens': '0',
    'micro-batch-size': '0',
    'max-micro-batches': '64',
    'channel-capacity': '1',
    'timeout-ms': '0',
    'cancel-check-every': '1',
    'aging-ms': '1000',
    'max-prefill-tokens-per-step': '512',
    arrival: 'poisson',
    concurrency: '8',
    'think-time-ms': '0',
    rate: '5',
    burstiness: '1',
    'ramp-from-rate': '0',
    'ramp-s': '30',
    'spike-factor': '5',
    'spike-start-s': '10',
    'spike-duration-s': '5',
    'spike-every-s': '0',
    'time-scale': '1',
    'trace-from-s': '0',
    'trace-to-s': '0',
    'trace-unit': 'auto',
    'output-tokens': 'eos',
    'prompt-tokens': 'dataset',
    temperature: '0',
    'top-k': '0',
    'top-p': '1',
    sequences: '1',
    'urgent-share': '0',
    'abandon-share': '0',
    'abandon-after-ms': '500',
    seed: '1',
    'slo-p95-ms': '500',
    'slo-ttft-ms': 'off',
    'slo-tpot-ms': 'off',
    'slo-itl-p99-ms': 'off',
  },
};
const VERSION = '1';

/** Chosen by timing the model on the machine where the link was made, so always written. */
const MEASURED = ['rate', 'output-tokens'];

/** The settings under their command line's names, without those that have the version's value: `?v=1&policy=static&…`. */
export function encodeSettings(settings: Settings): string {
  const query = new URLSearchParams({ v: VERSION });
  for (const [name, value] of settingEntries(settings)) {
    if (value !== LEFT_OUT[VERSION]?.[name] || MEASURED.includes(name)) query.set(name, value);
  }
  // What a query may hold as it is, so that a link can be read.
  return query.toString().replace(/%(2F|3A|2C|3D|40)/g, decodeURIComponent);
}

const settingEntries = (settings: Settings): readonly (readonly [name: string, value: string])[] => [
  ['model', settings.model],
  ['backend', settings.backend],
  ['wasm-threads', String(settings.wasmThreads)],
  ...Object.values(SERVING_PARAMETERS).map((p) => [linkKeyOf(p), String(settings.serving[p.name])] as const),
  ...Object.values(LOAD_PARAMETERS).map((p) => [linkKeyOf(p), String(settings.load[p.name])] as const),
  ...Object.values(SLO_PARAMETERS).map((p) => [linkKeyOf(p), String(settings.slo[p.name] ?? 'off')] as const),
];

/** The way back. Values that are not allowed keep their start value and are named. */
export function decodeSettings(query: string, start: Settings): DecodedLink {
  const written = new URLSearchParams(query);
  const problems: PlainError[] = [];
  const version = written.get('v');
  const leftOut = version === null ? {} : LEFT_OUT[version];
  if (!leftOut) {
    const message = `In the link: version "${version}" is not known; this page knows ${Object.keys(LEFT_OUT).join(', ')}. Settings that it leaves out are as on a first visit.`;
    problems.push({ code: 'invalid-parameter', message });
  }
  const given = new URLSearchParams({ ...leftOut, ...Object.fromEntries(written) });
  const known = new Set<string>(['v']);
  const read = <T>(name: string, fallback: T, parse: (raw: string) => T): T => {
    known.add(name);
    const raw = given.get(name);
    if (raw === null) return fallback;
    try {
      return parse(raw);
    } catch (error) {
      const { code, message } = toPlain(error, 'invalid-parameter');
      problems.push({ code, message: `In the link: ${message} Using ${fallback ?? 'off'}.` });
      return fallback;
    }
  };
  const readTable = <Config extends object>(
    table: Record<keyof Config & string, Parameter>,
    from: Config,
  ): Config => {
    const entries = Object.values<Parameter>(table).map((p) => {
      const fallback = (from as Record<string, string | number>)[p.name];
      return [p.name, read<unknown>(linkKeyOf(p), fallback, (raw) => checkParameter(p, parseEntry(p, raw)))];
    });
    return Object.fromEntries(entries) as Config;
  };
  const readSlo = (p: (typeof SLO_PARAMETERS)[keyof typeof SLO_PARAMETERS]) =>
    read(linkKeyOf(p), start.slo[p.name] ?? null, p.parse);

  // A rate alone asks for Poisson arrivals. Links of this page always say both.
  const { arrival } =
    given.has('rate') && !given.has('arrival') ? withImpliedArrival(RATE, start.load.arrival) : {};
  const settings: Settings = {
    // A name that is no model is refused when it is loaded: another model in its place would be measured for it.
    model: read('model', start.model, (raw) => raw),
    backend: read('backend', start.backend, parseBackend),
    wasmThreads: read('wasm-threads', start.wasmThreads, parseWasmThreads),
    serving: readTable(SERVING_PARAMETERS, start.serving),
    load: readTable(LOAD_PARAMETERS, { ...start.load, ...(arrival && { arrival }) }),
    slo: {
      p95Ms: readSlo(SLO_PARAMETERS.p95Ms),
      ttftMs: readSlo(SLO_PARAMETERS.ttftMs),
      tpotMs: readSlo(SLO_PARAMETERS.tpotMs),
      itlP99Ms: readSlo(SLO_PARAMETERS.itlP99Ms),
    },
  };
  const wrong = contradiction(settings.serving, settings.load);
  if (wrong) {
    const message = `In the link: ${wrong} Scheduler and load are as on a first visit.`;
    problems.push({ code: 'invalid-parameter', message });
  }
  const allowed = wrong ? { ...settings, serving: start.serving, load: start.load } : settings;
  const settingNames = [...known];
  const autostart = read('autostart', 'on', oneOf('autostart', SWITCH)) === 'on';
  const showMe = read('show-me', 'off', oneOf('show-me', SWITCH)) === 'on';
  const embed = read<Embed | null>('embed', null, oneOf('embed', EMBEDS));
  for (const name of written.keys()) {
    if (!known.has(name)) problems.push(unknownName(name, [...known]));
  }
  const hasSettings = settingNames.some((name) => written.has(name));
  return { settings: allowed, autostart, hasSettings, showMe, embed, problems };
}

const SWITCH = ['on', 'off'] as const;

const oneOf =
  <Value extends string>(name: string, allowed: readonly Value[]) =>
  (raw: string): Value => {
    const value = allowed.find((candidate) => candidate === raw);
    if (value) return value;
    throw new HeadwayError(
      'invalid-parameter',
      `${name} must be one of ${allowed.join(', ')}; given: "${raw}".`,
    );
  };

function parseBackend(raw: string): BackendChoice {
  const backend = BACKENDS.find((candidate) => candidate === raw);
  if (backend) return backend;
  throw new HeadwayError(
    'invalid-parameter',
    `backend (--backend) must be one of ${BACKENDS.join(', ')}; given: "${raw}".`,
  );
}

function unknownName(name: string, known: readonly string[]): PlainError {
  return {
    code: 'invalid-parameter',
    message: `In the link: there is no setting "${name}"; there are ${known.join(', ')}.`,
  };
}
