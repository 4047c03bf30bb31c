import type { LoadProgress, ServingInfo } from '../core/engine';
import type { PlainError } from '../core/errors';

/** Where the model stands, as the page shows it. */
export type ModelState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly progress: LoadProgress | null }
  | { readonly status: 'warming-up' }
  | { readonly status: 'ready'; readonly info: ServingInfo }
  /** Its worker failed, and another loads it anew. */
  | { readonly status: 'replacing'; readonly info: ServingInfo; readonly error: PlainError }
  | { readonly status: 'failed'; readonly error: PlainError }
  /** By whoever sits before the page. @param reached the last progress, if it came to any */
  | { readonly status: 'cancelled'; readonly reached: LoadProgress | null }
  | { readonly status: 'lost'; readonly error: PlainError };

export function modelProgress(progress: LoadProgress): ModelState {
  return progress.stage === 'warm-up' ? { status: 'warming-up' } : { status: 'loading', progress };
}

/** The model that answers now, or will again; null if there is none. */
export function servedModel(model: ModelState): ServingInfo | null {
  return model.status === 'ready' || model.status === 'replacing' ? model.info : null;
}

/** What a load that did not end well leaves behind. */
export function unserved(model: ModelState, error: PlainError): ModelState {
  if (error.code !== 'load-cancelled') return { status: 'failed', error };
  return { status: 'cancelled', reached: model.status === 'loading' ? model.progress : null };
}
