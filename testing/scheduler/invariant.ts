import fc from 'fast-check';
import { it } from 'vitest';
import { perform } from './perform';
import { type Kind, type Program, programs } from './programs';
import type { World } from './world';

const number = (name: string): number | undefined =>
  process.env[name] === undefined ? undefined : Number(process.env[name]);

/** Programs of each property. */
const RUNS = number('HEADWAY_RUNS') ?? (import.meta.env.MODE === 'soak' ? 100_000 : 1000);

/** A failure prints both; given back, they replay it, shrunk as it was. */
const seed = number('HEADWAY_SEED');
const path = process.env.HEADWAY_PATH;
const replay = { ...(seed === undefined ? {} : { seed }), ...(path === undefined ? {} : { path }) };

/** ms that a program may take in the worst case of a busy machine, times its number. */
const TIMEOUT = 30_000 + RUNS * 20;

/** A property of `RUNS` random inputs. */
export function property<Input>(
  name: string,
  inputs: fc.Arbitrary<Input>,
  check: (input: Input) => Promise<void>,
) {
  it(
    name,
    async () => {
      await fc.assert(fc.asyncProperty(inputs, check), { numRuns: RUNS, ...replay });
    },
    TIMEOUT,
  );
}

/** A property of whatever `RUNS` random programs of this kind bring about. */
export function invariant(
  name: string,
  kind: Kind,
  check: (world: World, program: Program) => void | Promise<void>,
) {
  property(name, programs(kind), async (program) => check(await perform(program), program));
}

/** Vitest's own expectations take too long to make some at every entry of a log. */
export function holds(condition: boolean, otherwise: () => string): asserts condition {
  if (!condition) throw new Error(otherwise());
}

export function same(one: unknown, other: unknown): void {
  const [first, second] = [one, other].map((value) => JSON.stringify(value));
  holds(first === second, () => `${first}\nis not\n${second}`);
}
