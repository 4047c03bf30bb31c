import type { PlainError } from '../core/errors';
import type { LoadProgress, ServingInfo } from '../server/control';

/** Where the model stands, as the page shows it. */
export type ModelState =
  | { readonly status: 'idle' }
  | { readonly status: 'loading'; readonly progress: LoadProgress | null }
  | { readonly status: 'warming-up' }
  | { readonly status: 'ready'; readonly info: ServingInfo }
  /** Its worker failed, and another loads it anew. */
  | { readonly status: 'replacing'; readonly info: ServingInfo; readonly error: PlainError }
  | { readonly status: 'failed'; readonly error: PlainError }
  | { readonly status: 'lost'; readonly error: PlainError };

export function modelProgress(progress: LoadProgress): ModelState {
  return progress.stage === 'warm-up' ? { status: 'warming-up' } : { status: 'loading', progress };
}

/** The model that answers now, or will again; null if there is none. */
export function servedModel(model: ModelState): ServingInfo | null {
  return model.status === 'ready' || model.status === 'replacing' ? model.info : null;
}
