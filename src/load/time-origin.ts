import type { TimeOrigin } from '../metrics/timings';
import type { LoadConfig } from './load-config';

/** Open-loop load is measured from when a request should have been sent, closed-loop load from when it was. */
export const timeOriginOf = ({ arrival }: LoadConfig): TimeOrigin =>
  arrival === 'closed' ? 'sent' : 'scheduled';
