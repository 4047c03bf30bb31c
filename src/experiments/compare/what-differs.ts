import type { ParameterName } from '../../core/experiment';
import { axisText, PARAMETERS } from '../axis-value';
import type { Side } from './side';

export interface WhatDiffers {
  /** The settings of the two points, as clauses: `Max batch 8 requests against 16`. */
  readonly settings: readonly string[];
  /** Everything else that they differ in: what ran where, on which requests. */
  readonly others: readonly string[];
}

/** What two points differ in, by name and value. */
export function whatDiffers(a: Side, b: Side): WhatDiffers {
  return { settings: settingsApart(a, b), others: othersApart(a, b) };
}

/** A warning where the difference is not of one kind alone; null where it is. */
export function comparisonWarning({ settings, others }: WhatDiffers): string | null {
  if (others.length === 0 || (settings.length === 0 && others.length === 1)) return null;
  const compared = settings.length > 0 ? 'the settings' : 'one thing';
  return `They differ in more than ${compared}, and the figures hold all of it: ${others.join('; ')}.`;
}

function settingsApart(a: Side, b: Side): readonly string[] {
  const [before, after] = [valuesOf(a), valuesOf(b)];
  return (Object.keys(PARAMETERS) as ParameterName[])
    .filter((name) => name !== 'seed' && before[name] !== after[name])
    .map((name) => `${axisText(name, before[name])} against ${after[name]}`);
}

const valuesOf = ({ point }: Side) => ({ ...point.serving, ...point.load });

function othersApart(a: Side, b: Side): readonly string[] {
  const facts = ({ run, point }: Side): Readonly<Record<string, string>> => ({
    adapter: run.environment.adapter.name,
    model: `${run.environment.model.name} (${run.environment.model.sha256.slice(0, 8)})`,
    seed: String(run.seed),
    revision: run.environment.revision,
    browser: run.environment.browser,
    extent: point.requests === null ? `${point.durationS} s` : `${point.requests} requests`,
    repeats: String(run.repeats),
  });
  const after = facts(b);
  return Object.entries(facts(a)).flatMap(([name, was]) =>
    was === after[name] ? [] : `${name} ${was} against ${after[name]}`,
  );
}
