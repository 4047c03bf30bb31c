import * as v from 'valibot';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun } from '../core/experiment';
import { RUN_SCHEMA } from './run-schema';

/** More faults than these are counted, not told. */
const MOST_TOLD = 5;

/**
 * A run from the text of its `run.json`.
 * @param name of the file, for the sentence about what is wrong
 * @throws HeadwayError `invalid-request`, naming each fault by its place in the file
 */
export function readRun(text: string, name: string): ExperimentRun {
  const result = v.safeParse(RUN_SCHEMA, parsed(text, name));
  if (result.success) return result.output;
  const faults = result.issues.map(faultOf);
  const more = faults.length > MOST_TOLD ? `; and ${faults.length - MOST_TOLD} more` : '';
  throw new HeadwayError(
    'invalid-request',
    `${name} is no experiment that this page can read: ${faults.slice(0, MOST_TOLD).join('; ')}${more}.`,
  );
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HeadwayError('invalid-request', `${name} is not JSON: ${reason}.`);
  }
}

function faultOf(issue: v.BaseIssue<unknown>): string {
  const place = v.getDotPath(issue);
  return place === null ? issue.message : `${place}: ${issue.message}`;
}
