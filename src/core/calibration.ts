import * as v from 'valibot';
import type { ServingInfo } from './engine';
import { HeadwayError } from './errors';
import { EXACT_GEOMETRY } from './step-work';

const positive = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const ratios = v.array(positive);

const terms = v.object({
  decode_ms: v.pipe(v.array(v.tuple([v.pipe(v.number(), v.minValue(1)), positive])), v.minLength(1)),
  prefill_ms: positive,
  prefill_token_ms: positive,
  prefill_square_ms: positive,
  attended_ms: positive,
  copy_ms: positive,
  sampled_ms: positive,
  lag_ms: positive,
  gap_ms: positive,
});

/** A machine's twin as a file: what a model's steps cost there, and what is asked of it. */
const CALIBRATION_SCHEMA = v.object({
  format: v.literal('headway-calibration'),
  version: v.literal(1),
  /** `steps`: fitted to single forward passes. `client`: coarser, from what clients saw of a remote engine. */
  kind: v.picklist(['steps', 'client']),
  adapter: v.object({
    kind: v.picklist(['webgpu', 'wasm', 'simulated', 'remote']),
    name: v.string(),
    software: v.boolean(),
  }),
  model: v.object({ name: v.string(), sha256: v.nullable(v.string()) }),
  /** ISO 8601. */
  fitted_at: v.string(),
  /** Steps or requests that it rests on, and their time, s. */
  steps: count,
  seconds: positive,
  terms,
  residuals: v.object({ prefill: ratios, decode: ratios }),
  residual_p50: positive,
  residual_p95: positive,
  /** How far the steps went that it rests on: beyond, it extrapolates. */
  seen: v.object({ rows: positive, prompt_tokens: positive, attended: positive }),
  engine: v.object({
    context_length: v.pipe(v.number(), v.integer(), v.minValue(2)),
    passes_ahead: count,
    geometry: v.object({
      bucket: v.picklist(['rows', 'power-of-two']),
      groupCost: v.nullable(positive),
      widthStep: v.nullable(v.pipe(v.number(), v.minValue(1))),
    }),
  }),
  /** Ways between client and engine, ms: a settled request's answer, a request, and what an arrival is late by. */
  delays: v.object({ answer_ms: positive, request_ms: positive, arrival_ms: positive }),
  /** Of each prompt that the clients choose from: its tokens, and those of the model's answer; null if it was not heard. */
  prompts: v.pipe(v.array(v.tuple([v.pipe(count, v.minValue(1)), v.nullable(count)])), v.minLength(1)),
});

export type Calibration = v.InferOutput<typeof CALIBRATION_SCHEMA>;

/** What the traffic's side knows of a twin: what was seen of the engine, without its name. */
export type FittedTwin = Pick<
  Calibration,
  | 'steps'
  | 'seconds'
  | 'terms'
  | 'residuals'
  | 'residual_p50'
  | 'residual_p95'
  | 'seen'
  | 'delays'
  | 'prompts'
>;

/** The twin of an engine, or null where its steps are not told. @param at ISO 8601 */
export function calibrationOf(
  fitted: FittedTwin,
  { adapter, model, steps }: ServingInfo,
  at: string,
): Calibration | null {
  if (!steps) return null;
  return {
    format: 'headway-calibration',
    version: 1,
    kind: 'steps',
    adapter,
    model: { name: model.name, sha256: model.sha256 },
    fitted_at: at,
    ...fitted,
    engine: {
      context_length: model.contextLength,
      passes_ahead: steps.passesAhead,
      geometry: steps.geometry ?? EXACT_GEOMETRY,
    },
  };
}

/** @throws HeadwayError `invalid-parameter` that says what is wrong with the file */
export function readCalibration(content: unknown, name: string): Calibration {
  const read = v.safeParse(CALIBRATION_SCHEMA, content);
  if (read.success) return read.output;
  const [issue] = read.issues;
  const where = v.getDotPath(issue);
  throw new HeadwayError(
    'invalid-parameter',
    `"${name}" is not a calibration that predict has written: ${where ? `${where}: ` : ''}${issue.message}.`,
  );
}

/** An engine that costs nothing, to be laid over. */
export const BLANK_CALIBRATION: Calibration = {
  format: 'headway-calibration',
  version: 1,
  kind: 'steps',
  adapter: { kind: 'simulated', name: 'Simulation', software: false },
  model: { name: 'none', sha256: null },
  fitted_at: '1970-01-01T00:00:00.000Z',
  steps: 0,
  seconds: 0,
  terms: {
    decode_ms: [[1, 0]],
    prefill_ms: 0,
    prefill_token_ms: 0,
    prefill_square_ms: 0,
    attended_ms: 0,
    copy_ms: 0,
    sampled_ms: 0,
    lag_ms: 0,
    gap_ms: 0,
  },
  residuals: { prefill: [], decode: [] },
  residual_p50: 0,
  residual_p95: 0,
  seen: { rows: 0, prompt_tokens: 0, attended: 0 },
  engine: { context_length: 128, passes_ahead: 1, geometry: EXACT_GEOMETRY },
  delays: { answer_ms: 0, request_ms: 0, arrival_ms: 0 },
  prompts: [[8, null]],
};
