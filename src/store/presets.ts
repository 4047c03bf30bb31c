import { HeadwayError } from '../core/errors';
import type { Slo } from '../core/figures';
import type { LoadConfig } from '../core/load-config';
import type { ServingConfig } from '../core/serving-config';
import { type Settings, START_SETTINGS, sameValues } from './settings';

/** A view of the live page: what it sets differs from a first visit's settings, all else is as there. */
export interface LivePreset {
  readonly name: string;
  readonly title: string;
  /** What to look at, as a sentence or two. */
  readonly says: string;
  readonly serving?: Partial<ServingConfig>;
  readonly load?: Partial<LoadConfig>;
  readonly slo?: Partial<Slo>;
}

/** The same sixteen clients, whose answers differ in length, so that policies can be compared. */
const MIXED: Partial<LoadConfig> = { arrival: 'closed', concurrency: 16, outputTokens: '2:48' };

export const LIVE_PRESETS: readonly LivePreset[] = [
  {
    name: 'gentle',
    title: 'A gentle load',
    says: 'What a first visit sees: five requests a second, which hardly ever meet. Raise Rate and watch p95.',
  },
  {
    name: 'one-at-a-time',
    title: 'One at a time',
    says: 'Sixteen clients, one slot: fifteen of them wait at any time. Look at the queue; the next two presets have the same load.',
    serving: { policy: 'sequential' },
    load: MIXED,
  },
  {
    name: 'static-batches',
    title: 'Static batches',
    says: 'A batch runs until its longest answer has ended. Look at throughput against one at a time, and at the wasted tokens.',
    serving: { policy: 'static' },
    load: MIXED,
  },
  {
    name: 'continuous-batching',
    title: 'Continuous batching',
    says: 'Requests join and leave between two tokens. The same load and the same slots: less waste, and a first token sooner.',
    load: MIXED,
  },
  {
    name: 'waiting-for-company',
    title: 'Waiting for company',
    says: 'Few requests and a batch that waits half a second for more. Look at how little fuller batches become for what p95 pays.',
    serving: { policy: 'static', maxBatch: 16, maxWaitMs: 500 },
    load: { arrival: 'poisson', rate: 5 },
  },
  {
    name: 'overload-short-queue',
    title: 'Overload with a short queue',
    says: 'More than any browser serves, and room for sixteen to wait. Look at the rejected ones, and at how p95 stays bounded all the same.',
    serving: { maxQueue: 16 },
    load: { arrival: 'poisson', rate: 1000, outputTokens: 32 },
  },
  {
    name: 'spike-into-a-channel',
    title: 'Spike into a channel',
    says: 'Spikes of forty times the rate, impatient clients, and eight sealed batches that may wait. Look at batches that leave half empty; then set Channel capacity to 0.',
    serving: { policy: 'static', maxBatch: 16, maxWaitMs: 5, channelCapacity: 8 },
    load: {
      arrival: 'spike',
      rate: 10,
      spikeFactor: 40,
      spikeStartS: 0.5,
      spikeDurationS: 0.25,
      spikeEveryS: 1.5,
      outputTokens: 16,
      abandonShare: 0.3,
      abandonAfterMs: 150,
    },
  },
  {
    name: 'impatient-clients',
    title: 'Impatient clients',
    says: 'Half of the clients go away after 100 ms, and a static batch computes on for them. Look at the wasted tokens; then set Policy to continuous.',
    serving: { policy: 'static', maxWaitMs: 10 },
    load: { ...MIXED, abandonShare: 0.5, abandonAfterMs: 100 },
  },
];

/** @throws HeadwayError `invalid-parameter` */
export function presetNamed(name: string): LivePreset {
  const preset = LIVE_PRESETS.find((candidate) => candidate.name === name);
  if (preset) return preset;
  throw new HeadwayError(
    'invalid-parameter',
    `There is no preset "${name}"; there are ${LIVE_PRESETS.map((known) => known.name).join(', ')}.`,
  );
}

/** All that a preset sets. Model, backend and seed stay as they are. */
export function settingsOf(preset: LivePreset, { load }: Settings) {
  return {
    serving: { ...START_SETTINGS.serving, ...preset.serving },
    load: { ...START_SETTINGS.load, ...preset.load, seed: load.seed },
    slo: { ...START_SETTINGS.slo, ...preset.slo },
  };
}

/** The preset all of whose settings hold, if one's do. */
export function activePreset(settings: Settings): LivePreset | null {
  const holds = (preset: LivePreset) => {
    const { serving, load, slo } = settingsOf(preset, settings);
    return (
      sameValues(serving, settings.serving) &&
      sameValues(load, settings.load) &&
      sameValues(slo, settings.slo)
    );
  };
  return LIVE_PRESETS.find(holds) ?? null;
}
