import * as v from 'valibot';
import { EXACT_GEOMETRY } from '../core/step-work';
import { NO_COST, NO_REACH } from './cost-terms';

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
  terms: { ...NO_COST, decode_ms: [[1, 0]] },
  residuals: { prefill: [], decode: [] },
  residual_p50: 0,
  residual_p95: 0,
  seen: NO_REACH,
  engine: { context_length: 128, passes_ahead: 1, geometry: EXACT_GEOMETRY },
  delays: { answer_ms: 0, request_ms: 0, arrival_ms: 0 },
  prompts: [[8, null]],
};
