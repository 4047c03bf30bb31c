import { expect, type Page } from '@playwright/test';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../src/core/serving-config';

/** What is asked, of whom. */
export interface Asked {
  /** A model directory, from the page's origin, ending in "/", or a synthetic model. */
  readonly model: string;
  readonly backend: 'wasm' | 'webgpu';
  readonly capture: boolean;
  /** On unless said. */
  readonly subgroups?: boolean;
  readonly prompts: readonly (readonly number[])[];
  readonly maxNewTokens: number;
}

export interface Schedule {
  readonly name: string;
  readonly config: ServingConfig;
  /** All at once, or one after each pass. */
  readonly staggered: boolean;
  /** How many of the prompts are sent. */
  readonly prompts: number;
}

export const PROMPTS = 64;

/** Every policy, at each size of batch, for requests that come together and for those that come one by one. */
export const SCHEDULES: readonly Schedule[] = [false, true].flatMap((staggered) =>
  [
    { policy: 'sequential' as const, maxBatch: 1 },
    ...[1, 2, 3, 5, 8, 16].flatMap((maxBatch) => [
      { policy: 'static' as const, maxBatch },
      { policy: 'continuous' as const, maxBatch },
    ]),
  ].map(({ policy, maxBatch }) => ({
    name: `${policy}, max batch ${maxBatch}, ${staggered ? 'staggered' : 'together'}`,
    config: { ...DEFAULT_SERVING_CONFIG, policy, maxBatch, maxWaitMs: 5, maxPrefillTokensPerStep: 16 },
    staggered,
    prompts: PROMPTS,
  })),
);

/** As many prompts as fill three batches, for an adapter on which each pass counts. */
export const fewPrompts = (schedules: readonly Schedule[]): readonly Schedule[] =>
  schedules.map((schedule) => ({
    ...schedule,
    prompts: Math.min(PROMPTS, Math.max(6, 3 * schedule.config.maxBatch)),
  }));

export interface Played {
  readonly name: string;
  readonly tokens: readonly (readonly number[])[];
  /** How the requests ended that were sent between the others to be cancelled. */
  readonly cancelled: number;
  readonly decoys: number;
}

/** Runs in the page; must not close over anything. */
async function play({ asked, schedules }: { asked: Asked; schedules: readonly Schedule[] }): Promise<{
  readonly note: string | null;
  readonly played: readonly Played[];
}> {
  const room = <Module>(path: string): Promise<Module> => import(/* @vite-ignore */ path);
  const { openModel } = await room<typeof import('../../src/runtime/open-model')>(
    '/src/runtime/open-model.ts',
  );
  const { Scheduler } = await room<typeof import('../../src/scheduler/scheduler')>(
    '/src/scheduler/scheduler.ts',
  );
  const { systemClock } =
    await room<typeof import('../../src/core/system-clock')>('/src/core/system-clock.ts');
  const { backend, note } = await openModel({
    url: new URL(asked.model, location.origin).href,
    backend: asked.backend,
    slots: 16,
    capture: asked.capture,
    subgroups: asked.subgroups ?? true,
  });

  const perform = async ({ name, config, staggered, prompts }: Schedule): Promise<Played> => {
    const tokens = Array.from({ length: prompts }, (): number[] => []);
    const decoys = new Map<number, { seen: number; readonly until: number }>();
    let cancelled = 0;
    const scheduler = new Scheduler({
      backend,
      clock: systemClock,
      config,
      emit: (event) => {
        if (event.type === 'settled' && event.settlement.outcome === 'cancelled') cancelled += 1;
        if (event.type !== 'step') return;
        event.ids.forEach((id, i) => {
          tokens[id]?.push(event.tokens[i] as number);
          const decoy = decoys.get(id);
          if (decoy) decoy.seen += 1;
        });
        queueMicrotask(afterStep);
      },
    });
    const send = (id: number) => {
      const prompt = asked.prompts[id] ?? [];
      const { maxNewTokens } = asked;
      scheduler.submit({
        id,
        prompt,
        maxNewTokens,
        ignoreEos: false,
        sequences: 1,
        priority: 0,
        sampling: null,
      });
      // Every fifth has a companion that goes away: queued, after its first token, or later.
      if (id % 5 !== 2) return;
      const decoy = 1000 + id;
      decoys.set(decoy, { seen: 0, until: id % 4 });
      scheduler.submit({
        id: decoy,
        prompt,
        maxNewTokens: maxNewTokens + 8,
        ignoreEos: true,
        sequences: 1,
        priority: 0,
        sampling: null,
      });
    };
    let next = 0;
    const afterStep = () => {
      if (staggered && next < prompts) send(next++);
      for (const [id, { seen, until }] of decoys) if (seen >= until) scheduler.cancel(id);
    };
    const first = staggered ? 3 : prompts;
    while (next < first) send(next++);
    afterStep();
    while (next < prompts) await new Promise((resolve) => setTimeout(resolve, 5));
    await scheduler.drain();
    return { name, tokens, cancelled, decoys: decoys.size };
  };

  const played: Played[] = [];
  for (const schedule of schedules) played.push(await perform(schedule));
  await backend.dispose();
  return { note, played };
}

/** What is said to each prompt alone, one after the other. */
export async function playOnce(page: Page, asked: Asked): Promise<readonly (readonly number[])[]> {
  const { played } = await page.evaluate(play, { asked, schedules: SCHEDULES.slice(0, 1) });
  return played[0]?.tokens ?? [];
}

/** Each prompt's tokens are the expected ones under every schedule, and whoever went away was cancelled. */
export async function expectSameTokens(
  page: Page,
  asked: Asked,
  expected: readonly (readonly number[])[],
  schedules = SCHEDULES,
): Promise<{ readonly note: string | null }> {
  const { note, played } = await page.evaluate(play, { asked, schedules });
  expect(played).toHaveLength(schedules.length);
  for (const { name, tokens, cancelled, decoys } of played) {
    expect(tokens, name).toEqual(expected.slice(0, tokens.length));
    expect(decoys, name).toBeGreaterThanOrEqual(Math.floor(tokens.length / 5));
    expect(cancelled, name).toBe(decoys);
  }
  return { note };
}
