import fc from 'fast-check';
import { POLICIES, type ServingConfig } from '../../src/core/serving-config';
import type { Mishap } from './world';

/** What happens to a scheduler, from its first moment on. Plain data: a failing program is printed, and can be pasted. */
export interface Program {
  readonly config: ServingConfig;
  readonly passesAhead: number;
  /** Devices that come after the first. */
  readonly renewals: number;
  readonly actions: readonly Action[];
}

export type Action =
  | ({ readonly do: 'submit' } & Asked)
  /** Of the request submitted so many before the last one; it need not exist. */
  | { readonly do: 'cancel'; readonly back: number }
  | { readonly do: 'pass'; readonly ms: number }
  /** The next forward pass goes wrong. */
  | { readonly do: 'mishap'; readonly mishap: Mishap }
  | { readonly do: 'configure'; readonly changes: Partial<ServingConfig> }
  | { readonly do: 'lose' }
  | { readonly do: 'drain' };

export interface Asked {
  readonly promptTokens: number;
  /** That the model would say. */
  readonly length: number;
  readonly allowance: number;
  readonly forced: boolean;
  readonly sequences: number;
  readonly priority: number;
  /** Null: greedy. */
  readonly seed: number | null;
}

type Doing = Action['do'];

const among = (min: number, max: number) => fc.integer({ min, max });
const mostly = <Value>(usual: Value, other: fc.Arbitrary<Value>, weight = 3) =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

/** ms with fractions, so that sums of them are rounded. */
const ms = (max: number) =>
  fc.oneof(
    among(0, max),
    among(0, max * 10).map((tenths) => tenths / 10),
  );

/** Small numbers, so that limits are met. */
const SETTINGS: { readonly [Name in keyof ServingConfig]: fc.Arbitrary<ServingConfig[Name]> } = {
  policy: fc.constantFrom(...POLICIES, 'static'),
  maxBatch: fc.oneof(among(1, 2), among(3, 5)),
  maxWaitMs: fc.oneof(fc.constant(0), ms(10), ms(40)),
  maxQueue: fc.oneof(among(1, 3), among(4, 12)),
  maxBatchTokens: mostly(0, among(10, 250), 2),
  microBatchSize: among(0, 3),
  maxMicroBatches: mostly(0, among(1, 5), 1),
  channelCapacity: among(0, 3),
  timeoutMs: mostly(0, ms(200), 2),
  cancelCheckEvery: mostly(1, among(2, 5), 1),
  agingMs: fc.oneof(fc.constant(0), ms(60)),
  maxPrefillTokensPerStep: among(16, 48),
};

const NAMES = Object.keys(SETTINGS) as (keyof ServingConfig)[];

export const asked: fc.Arbitrary<Asked> = fc.record({
  promptTokens: fc.oneof(
    { weight: 4, arbitrary: among(2, 12) },
    { weight: 2, arbitrary: among(12, 90) },
    { weight: 1, arbitrary: among(100, 130) },
  ),
  length: among(0, 8),
  allowance: among(1, 10),
  forced: fc.boolean(),
  sequences: mostly(1, among(2, 4), 2),
  priority: mostly(0, among(-1, 2), 2),
  seed: mostly<number | null>(null, among(0, 2 ** 32 - 1), 1),
});

const ACTIONS: { readonly [Name in Doing]: { weight: number; arbitrary: fc.Arbitrary<Action> } } = {
  submit: { weight: 60, arbitrary: asked.map((request) => ({ do: 'submit', ...request })) },
  pass: { weight: 25, arbitrary: fc.oneof(ms(8), ms(60)).map((time) => ({ do: 'pass', ms: time })) },
  cancel: { weight: 20, arbitrary: among(-1, 8).map((back) => ({ do: 'cancel', back })) },
  mishap: {
    weight: 3,
    arbitrary: fc
      .constantFrom<Mishap[]>('throws at once', 'fails', 'answers too few', 'answers too many')
      .map((mishap) => ({ do: 'mishap', mishap })),
  },
  configure: {
    weight: 5,
    arbitrary: fc
      .tuple(fc.record(SETTINGS), fc.subarray(NAMES, { minLength: 1, maxLength: 3 }))
      .map(([settings, names]) => ({
        do: 'configure',
        changes: Object.fromEntries(names.map((name) => [name, settings[name]])),
      })),
  },
  lose: { weight: 1, arbitrary: fc.constant({ do: 'lose' }) },
  drain: { weight: 1, arbitrary: fc.constant({ do: 'drain' }) },
};

export const settings: fc.Arbitrary<ServingConfig> = fc.record(SETTINGS);

export interface Kind {
  /** What does not happen; the end, `drain`, does only where it is asked for. */
  readonly without?: readonly Doing[];
  readonly drains?: boolean;
  /** What is fixed. */
  readonly config?: Partial<ServingConfig>;
  /** Fixed, too. */
  readonly passesAhead?: number;
}

/** Random programs, of every parameter and action that is not excluded. */
export function programs({
  without = [],
  drains = false,
  config = {},
  passesAhead,
}: Kind = {}): fc.Arbitrary<Program> {
  const doings = (Object.keys(ACTIONS) as Doing[]).filter((name) => !without.includes(name));
  const actions = doings.filter((name) => drains || name !== 'drain').map((name) => ACTIONS[name]);
  return fc.record({
    config: fc.record(SETTINGS).map((settings) => ({ ...settings, ...config })),
    passesAhead: passesAhead === undefined ? among(0, 3) : fc.constant(passesAhead),
    renewals: among(0, 3),
    actions: fc.array(fc.oneof(...actions), { maxLength: 40, size: 'max' }),
  });
}
