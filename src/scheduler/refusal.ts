import type { ServingRequest } from '../core/request';
import type { RunnerStatus } from '../core/runner-status';
import type { ServingConfig } from '../core/serving-config';

/** Most sequences of one request. */
const MOST_SEQUENCES = 64;

/** The state that a request meets on arrival. */
export interface Arrival {
  readonly status: RunnerStatus;
  readonly config: ServingConfig;
  /** The model's context, tokens. */
  readonly contextLength: number;
  /** Requests in the queue. */
  readonly queued: number;
}

/** Why a request is rejected, as a sentence with the limit; null if it is accepted. A request that can never fit is told so even when the queue is full. */
export function refusalOf(
  request: ServingRequest,
  { status, config, contextLength, queued }: Arrival,
): string | null {
  if (status === 'draining' || status === 'closed') return `The server is ${status} and takes no requests.`;
  const nonsense = nonsenseOf(request) ?? tooLongFor(contextLength, request) ?? misfitOf(request, config);
  if (nonsense) return nonsense;
  return queued >= config.maxQueue ? `The queue is full (maxQueue ${config.maxQueue}).` : null;
}

/** Why the request can never run. At the head of the queue it would block all others. */
export function misfitOf({ sequences }: ServingRequest, { policy, maxBatch }: ServingConfig): string | null {
  if (policy !== 'continuous' || sequences <= maxBatch) return null;
  return `${sequences} sequences do not fit the ${maxBatch} slots of continuous batching (maxBatch).`;
}

function nonsenseOf({ prompt, maxNewTokens, sequences, priority }: ServingRequest): string | null {
  if (prompt.length < 1 || !(Number.isInteger(maxNewTokens) && maxNewTokens >= 1)) {
    return `A request needs at least 1 prompt token and 1 new token; given: ${prompt.length} and ${maxNewTokens}.`;
  }
  if (!(Number.isInteger(sequences) && sequences >= 1 && sequences <= MOST_SEQUENCES)) {
    return `A request has from 1 to ${MOST_SEQUENCES} sequences; given: ${sequences}.`;
  }
  return Number.isFinite(priority) ? null : `A request's priority is a number; given: ${priority}.`;
}

function tooLongFor(contextLength: number, { prompt, maxNewTokens }: ServingRequest): string | null {
  if (prompt.length + maxNewTokens <= contextLength) return null;
  return `${prompt.length} prompt tokens and ${maxNewTokens} new ones do not fit the context of ${contextLength}.`;
}
