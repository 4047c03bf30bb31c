import type { PageFacts } from './ask-page';
import { firstLine, type OpenBrowser, type ProbedBrowser } from './open';
import { PLAIN, type Way } from './ways';
import { TooLate, within } from './within';

/** What came of one way. The first five are the columns of `doctor`'s table. */
export interface Probe {
  readonly how: string;
  readonly adapter: string | null;
  readonly hardware: boolean;
  readonly ms: number;
  /** Why it leads to no hardware; null where it does. */
  readonly error: string | null;
  readonly way: Way;
  /** Null where no page answered. */
  readonly facts: PageFacts | null;
  readonly version: string | null;
  /** Whether it was given up for its time: another try may end otherwise. */
  readonly late: boolean;
}

export interface ProbeLimits {
  /** Of one way, from its start to its answer. */
  readonly eachMs: number;
  /** Of all together; what has not been started by then is reported as not tried. */
  readonly allMs: number;
  /** Browsers that run at the same time. */
  readonly abreast: number;
}

/** Enough for a driver's first start; where hardware is found the first or second way ends the search. */
export const CHOICE_LIMITS: ProbeLimits = { eachMs: 20_000, allMs: 60_000, abreast: 1 };
/** `doctor` has 30 s, Node's start and the first probe included, also where each way hangs. */
export const DOCTOR_LIMITS: ProbeLimits = { eachMs: 9_000, allMs: 20_000, abreast: 3 };

const KILL_MS = 2_000;

/** Why a page has no graphics hardware; null where it has. */
export function whyNotHardware({ webgpu, adapter }: PageFacts): string | null {
  if (!webgpu) return 'this browser has no WebGPU';
  if (!adapter) return 'WebGPU finds no adapter';
  if (adapter.software) return `${adapter.name} computes on the CPU`;
  return adapter.fault && `${adapter.name}: ${adapter.fault}`;
}

/** Where the browser does not even start without flags, no flag helps. */
export const isBroken = ({ way, facts }: Probe): boolean => way === PLAIN && facts === null;

/** "google swiftshader computes on the CPU (headless and 4 other ways); WebGPU finds no adapter (headless, EGL)" */
export function whyNone(probes: readonly Probe[]): string {
  const reasons = [...new Set(probes.map(({ error }) => error))];
  return reasons
    .map((reason) => {
      const [first, ...others] = probes.filter(({ error }) => error === reason);
      const more = others.length === 1 ? ' and 1 other way' : ` and ${others.length} other ways`;
      return `${reason} (${first?.how}${others.length > 0 ? more : ''})`;
    })
    .join('; ');
}

/** Tries one way in a browser of its own. Never rejects, and never takes much longer than `limitMs`. */
async function probe(way: Way, open: OpenBrowser, limitMs: number): Promise<Probe> {
  const begin = performance.now();
  const left = () => Math.max(1, Math.round(limitMs - (performance.now() - begin)));
  const took = () => Math.round(performance.now() - begin);
  const opening = open(way, limitMs);
  let browser: ProbedBrowser | null = null;
  try {
    browser = await within(limitMs, opening, 'the browser did not start');
    const { version } = browser;
    const facts = await within(left(), browser.ask(), 'the page did not answer');
    const error = whyNotHardware(facts);
    return {
      how: way.how,
      adapter: facts.adapter?.name ?? null,
      hardware: error === null,
      ms: took(),
      error,
      way,
      facts,
      version,
      late: false,
    };
  } catch (error) {
    const late = error instanceof TooLate;
    return { ...failed(way, firstLine(error), took()), version: browser?.version ?? null, late };
  } finally {
    // One that starts too late is ended when it has; there is nothing to end before.
    if (browser) await within(KILL_MS, browser.kill(), 'the browser did not end').catch(() => {});
    else void opening.then((late) => late.kill()).catch(() => {});
  }
}

function failed(way: Way, error: string, ms: number): Probe {
  const nothing = { adapter: null, hardware: false, facts: null, version: null, late: false };
  return { how: way.how, ms, error, way, ...nothing };
}

/**
 * Tries ways in their order until `enough` says so, a few at a time.
 * @returns one probe for each way that was tried or that there was no time for
 */
export async function probeWays(
  ways: readonly Way[],
  open: OpenBrowser,
  { eachMs, allMs, abreast }: ProbeLimits,
  enough: (probe: Probe) => boolean,
): Promise<readonly Probe[]> {
  const deadline = performance.now() + allMs;
  const probes: (Probe | undefined)[] = [];
  let next = 0;
  let done = false;
  const work = async () => {
    while (!done && next < ways.length) {
      const place = next++;
      const way = ways[place] as Way;
      const limit = Math.round(Math.min(eachMs, deadline - performance.now()));
      const tried = limit > 0;
      probes[place] = tried
        ? await probe(way, open, limit)
        : { ...failed(way, `not tried: the ${allMs} ms for all ways were over`, 0), late: true };
      if (enough(probes[place] as Probe)) done = true;
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));
  return probes.filter((probe) => probe !== undefined);
}
