import { countOf, formatCount } from '../core/format';
import { ARRIVAL_PARAMETERS, type ArrivalConfig, LOAD_PARAMETERS } from '../core/load-config';
import type { Parameter } from '../core/parameter';
import { SAMPLING_PARAMETERS, type SamplingConfig } from '../core/sampling';
import { SERVING_PARAMETERS } from '../core/serving-config';
import { type LoadName, type ServingName, type Settings, START_SETTINGS, whyUnused } from './settings';

/** The parts of a setting that shape its operating point, as short words in a fixed order. Those without effect are left out. */
export function labelParts(settings: Settings, adapter: string): readonly string[] {
  const { serving, load } = settings;
  return [
    serving.policy,
    whyUnused('maxBatch', settings) ? '' : `batch ${serving.maxBatch}`,
    whyUnused('maxWaitMs', settings) ? '' : `wait ${formatCount(serving.maxWaitMs)} ms`,
    arrivalLabel(load),
    whyUnused('outputTokens', settings) || load.outputTokens === 'eos' ? '' : `${load.outputTokens} tokens`,
    samplingLabel(load),
    `queue ${formatCount(serving.maxQueue)}`,
    `seed ${load.seed}`,
    settings.model,
    adapter,
    remainder(settings),
  ];
}

/** Parameters that the other parts of a label name. */
const NAMED: readonly string[] = [
  'policy',
  'maxBatch',
  'maxWaitMs',
  'maxQueue',
  'outputTokens',
  'seed',
  ...Object.keys(ARRIVAL_PARAMETERS),
  ...Object.keys(SAMPLING_PARAMETERS),
];

/** All other parameters that have an effect and are not as on a first visit: "Timeout 500 ms". */
function remainder(settings: Settings): string {
  type Values = Readonly<Record<string, string | number>>;
  const values: Values = { ...settings.serving, ...settings.load };
  const start: Values = { ...START_SETTINGS.serving, ...START_SETTINGS.load };
  const all: readonly Parameter<ServingName | LoadName>[] = [
    ...Object.values(SERVING_PARAMETERS),
    ...Object.values(LOAD_PARAMETERS),
  ];
  return all
    .filter(({ name }) => !NAMED.includes(name) && values[name] !== start[name] && !whyUnused(name, settings))
    .map((p) => [p.label, values[p.name], 'unit' in p ? p.unit : ''].filter((word) => word !== '').join(' '))
    .join(', ');
}

const ALWAYS = 5;
const REMAINDER = 10;

/** Poisson at a rate is what open-loop load is without another word. */
function arrivalLabel(load: ArrivalConfig): string {
  const rate = `${formatCount(load.rate)} req/s`;
  const bursts = load.burstiness === 1 ? '' : `, burstiness ${formatCount(load.burstiness)}`;
  switch (load.arrival) {
    case 'closed':
      return `${countOf(load.concurrency, 'client')}${load.thinkTimeMs > 0 ? `, thinking ${formatCount(load.thinkTimeMs)} ms` : ''}`;
    case 'constant':
      return `${rate} evenly`;
    case 'poisson':
      return rate;
    case 'gamma':
      return `${rate}${bursts}`;
    case 'ramp':
      return `ramp to ${rate} from ${formatCount(load.rampFromRate)} in ${formatCount(load.rampS)} s${bursts}`;
    case 'spike': {
      const again = load.spikeEveryS > 0 ? `every ${formatCount(load.spikeEveryS)} s` : 'once';
      const size = `×${formatCount(load.spikeFactor)} for ${formatCount(load.spikeDurationS)} s`;
      return `${rate}, ${size} ${again} after ${formatCount(load.spikeStartS)} s${bursts}`;
    }
    case 'trace': {
      const to = load.traceToS > 0 ? formatCount(load.traceToS) : 'the end';
      const whole = load.traceFromS === 0 && load.traceToS === 0;
      return `trace ×${formatCount(load.timeScale)}${whole ? '' : ` from ${formatCount(load.traceFromS)} to ${to}`}`;
    }
  }
}

/** Empty for greedy. */
function samplingLabel({ temperature, topK, topP }: SamplingConfig): string {
  if (temperature === 0) return '';
  return `temperature ${formatCount(temperature)}${topK > 0 ? `, top ${topK}` : ''}${topP < 1 ? `, p ${topP}` : ''}`;
}

/** The whole label of one setting: policy, batching, load, forced length, sampling, and what is not as on a first visit. */
export function fullLabel(parts: readonly string[]): string {
  return [...parts.slice(0, ALWAYS + 1), ...parts.slice(REMAINDER)].filter(Boolean).join(' · ');
}

/**
 * Labels for settings that stand in one chart: the parts that are not the same in all. A label is empty for a setting that has
 * none of them.
 * @param all one list of parts per setting
 */
export function shortLabels(all: readonly (readonly string[])[]): readonly string[] {
  const differs = (index: number) => new Set(all.map((parts) => parts[index])).size > 1;
  return all.map((parts) => parts.filter((part, index) => part !== '' && differs(index)).join(' · '));
}
