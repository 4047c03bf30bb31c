import { BACKENDS, type BackendChoice } from '../core/engine';
import { HeadwayError, type PlainError, toPlain } from '../core/errors';
import { LOAD_PARAMETERS } from '../core/load-config';
import { checkParameter, type Parameter, parseEntry } from '../core/parameter';
import { SERVING_PARAMETERS } from '../core/serving-config';
import { SLO_PARAMETERS } from '../core/slo-parameters';
import { contradiction } from '../traffic/contradictions';
import { chooseModel } from './model-catalogue';
import type { Settings } from './settings';

export interface DecodedLink {
  readonly settings: Settings;
  /** False with `autostart=off`: the model is loaded, no load is started. */
  readonly autostart: boolean;
  /** One per value that was not allowed; its setting has the start value instead. */
  readonly problems: readonly PlainError[];
}

const key = (parameter: { readonly flag: string }) => parameter.flag.replace(/^--/, '');

/** Every setting under its command line's name: `?policy=static&max-batch=8&…`. */
export function encodeSettings(settings: Settings): string {
  const query = new URLSearchParams();
  query.set('model', settings.model);
  query.set('backend', settings.backend);
  for (const p of Object.values(SERVING_PARAMETERS)) query.set(key(p), String(settings.serving[p.name]));
  for (const p of Object.values(LOAD_PARAMETERS)) query.set(key(p), String(settings.load[p.name]));
  for (const p of Object.values(SLO_PARAMETERS)) query.set(key(p), String(settings.slo[p.name] ?? 'off'));
  // What a query may hold as it is, so that a link can be read.
  return query.toString().replace(/%(2F|3A|2C|3D|40)/g, decodeURIComponent);
}

/** The way back. Values that are not allowed keep their start value and are named. @param base the page's own URL */
export function decodeSettings(query: string, start: Settings, base: string): DecodedLink {
  const given = new URLSearchParams(query);
  const problems: PlainError[] = [];
  const known = new Set<string>();
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
      return [p.name, read<unknown>(key(p), fallback, (raw) => checkParameter(p, parseEntry(p, raw)))];
    });
    return Object.fromEntries(entries) as Config;
  };
  const readSlo = (p: (typeof SLO_PARAMETERS)[keyof typeof SLO_PARAMETERS]) =>
    read(key(p), start.slo[p.name], p.parse);

  const settings: Settings = {
    model: read('model', start.model, (raw) => {
      chooseModel(raw, 'auto', base);
      return raw;
    }),
    backend: read('backend', start.backend, parseBackend),
    serving: readTable(SERVING_PARAMETERS, start.serving),
    load: readTable(LOAD_PARAMETERS, start.load),
    slo: { p95Ms: readSlo(SLO_PARAMETERS.p95Ms), ttftMs: readSlo(SLO_PARAMETERS.ttftMs) },
  };
  const wrong = contradiction(settings.serving, settings.load);
  if (wrong) {
    const message = `In the link: ${wrong} Scheduler and load are as on a first visit.`;
    problems.push({ code: 'invalid-parameter', message });
  }
  const allowed = wrong ? { ...settings, serving: start.serving, load: start.load } : settings;
  const autostart = read('autostart', true, parseAutostart);
  for (const name of given.keys()) {
    if (!known.has(name)) problems.push(unknownName(name, [...known]));
  }
  return { settings: allowed, autostart, problems };
}

function parseBackend(raw: string): BackendChoice {
  const backend = BACKENDS.find((candidate) => candidate === raw);
  if (backend) return backend;
  throw new HeadwayError(
    'invalid-parameter',
    `backend (--backend) must be one of ${BACKENDS.join(', ')}; given: "${raw}".`,
  );
}

function parseAutostart(raw: string): boolean {
  if (raw === 'on' || raw === 'off') return raw === 'on';
  throw new HeadwayError('invalid-parameter', `autostart must be one of on, off; given: "${raw}".`);
}

function unknownName(name: string, known: readonly string[]): PlainError {
  return {
    code: 'invalid-parameter',
    message: `In the link: there is no setting "${name}"; there are ${known.join(', ')}.`,
  };
}
