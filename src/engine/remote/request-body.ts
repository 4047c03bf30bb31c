import type { ServingRequest } from '../../core/request';

export const ENDPOINTS = ['chat', 'completions'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

export const ENDPOINT_PATHS: Readonly<Record<Endpoint, string>> = {
  chat: '/chat/completions',
  completions: '/completions',
};

/** What of the request's fields the server takes, as it was asked once. OpenAI's own come first. */
export interface AcceptedFields {
  /** `stream_options.include_usage`. */
  readonly streamOptions: boolean;
  readonly seed: boolean;
  /** `ignore_eos` and `min_tokens`: an answer can be forced to a length. */
  readonly forcedLength: boolean;
}

/** From all fields to those that every server knows. */
export const ACCEPTED_STEPS: readonly AcceptedFields[] = [
  { streamOptions: true, seed: true, forcedLength: true },
  { streamOptions: true, seed: true, forcedLength: false },
  { streamOptions: true, seed: false, forcedLength: false },
  { streamOptions: false, seed: false, forcedLength: false },
];

export interface BodyOptions {
  readonly endpoint: Endpoint;
  readonly model: string;
  readonly accepts: AcceptedFields;
}

/** The JSON of one request. Greedy unless it says how to sample. */
export function requestBody(request: ServingRequest, prompt: string, options: BodyOptions): string {
  const { endpoint, model, accepts } = options;
  const { maxNewTokens, ignoreEos, sequences, sampling } = request;
  return JSON.stringify({
    model,
    ...(endpoint === 'chat' ? { messages: [{ role: 'user', content: prompt }] } : { prompt }),
    stream: true,
    ...(accepts.streamOptions ? { stream_options: { include_usage: true } } : {}),
    max_tokens: maxNewTokens,
    ...(sequences > 1 ? { n: sequences } : {}),
    temperature: sampling?.temperature ?? 0,
    ...(sampling && sampling.topP < 1 ? { top_p: sampling.topP } : {}),
    ...(sampling && sampling.topK > 0 ? { top_k: sampling.topK } : {}),
    ...(sampling && accepts.seed ? { seed: sampling.seed } : {}),
    ...(ignoreEos && accepts.forcedLength ? { ignore_eos: true, min_tokens: maxNewTokens } : {}),
  });
}
