import { within } from '../cli/browser/within';

/** One thing that a short visit to a GPU shall bring home. */
export interface ProofPart {
  readonly name: string;
  /** Of the time that is left when it begins, beside those of the parts behind it. */
  readonly share: number;
  run(budgetMs: number): Promise<unknown>;
}

export type PartResult =
  | { readonly ok: unknown; readonly seconds: number }
  | { readonly failed: string; readonly seconds: number };

/** Parts by name, in the order in which they ended. What has no result was not begun, or was cut. */
export type ProofResults = Readonly<Record<string, PartResult>>;

export interface ProofRun {
  /** Results of an earlier run of the same revision: what succeeded is not measured again. */
  readonly earlier: ProofResults;
  readonly minutes: number;
  readonly now: () => number;
  readonly say: (line: string) => void;
  /** Called after each part with all results so far. */
  readonly write: (results: ProofResults) => void;
  /** Ends whatever a part that was given up has left running. */
  readonly abandon: () => Promise<void>;
}

/** A part may take this much more than its budget: browsers have to start, and models to load. */
const OVER = 2;
/** Less is not worth the start of a browser. */
const LEAST_MS = 5_000;

/**
 * Runs the parts in their order, most valuable first, within the minutes. No part fails the others, and none can take more
 * than its bound: a part that hangs is given up.
 * @returns all results, and the names of the parts that there was no time for
 */
export async function prove(parts: readonly ProofPart[], run: ProofRun) {
  const { earlier, minutes, now, say, write, abandon } = run;
  const deadline = now() + minutes * 60_000;
  const results: Record<string, PartResult> = {};
  const left: string[] = [];
  for (const [place, part] of parts.entries()) {
    const known = earlier[part.name];
    if (known && 'ok' in known) {
      results[part.name] = known;
      say(`${part.name}: known from an earlier run`);
      continue;
    }
    const leftMs = deadline - now();
    if (leftMs < LEAST_MS) {
      left.push(part.name);
      continue;
    }
    const shares = parts
      .slice(place)
      .reduce((sum, { name, share }) => sum + (isDone(earlier[name]) ? 0 : share), 0);
    const budgetMs = (leftMs * part.share) / shares;
    say(`${part.name}: about ${Math.round(budgetMs / 1000)} s`);
    const begin = now();
    const seconds = () => (now() - begin) / 1000;
    try {
      const limitMs = Math.min(leftMs, OVER * budgetMs + LEAST_MS);
      const ok = await within(limitMs, part.run(budgetMs), 'it did not end');
      results[part.name] = { ok, seconds: seconds() };
    } catch (error) {
      const failed = error instanceof Error ? error.message : String(error);
      results[part.name] = { failed, seconds: seconds() };
      say(`${part.name}: ${failed}`);
      await abandon();
    }
    write({ ...results });
  }
  if (left.length > 0) say(`No time was left for ${left.join(', ')}: the same command goes on with them.`);
  return { results, left };
}

const isDone = (result: PartResult | undefined): boolean => result !== undefined && 'ok' in result;
