import type { TimeOrigin } from '../core/figures';
import type { LoadConfig } from '../core/load-config';

/** Open-loop load is measured from when a request should have been sent, closed-loop load from when it was. */
export const timeOriginOf = ({ arrival }: LoadConfig): TimeOrigin =>
  arrival === 'closed' ? 'sent' : 'scheduled';
