import type { ServingInfo } from '../core/engine';
import type { PlainError } from '../core/errors';
import type { LoadUpdate } from '../core/traffic-control';

/** What a session tells by itself. */
export interface SessionListeners {
  readonly onUpdate: (update: LoadUpdate) => void;
  /** The serving worker froze or crashed. What it held has failed, and so does what is sent until `onReplaced`. */
  readonly onReplacing: (error: PlainError) => void;
  /** A new worker serves the same model on the same kind of backend, under the configuration in force. */
  readonly onReplaced: (info: ServingInfo) => void;
  /** Nothing is served any more, and nothing is sent; another model can be loaded. */
  readonly onLost: (error: PlainError) => void;
}
