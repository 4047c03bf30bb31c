import type { LoadConfig } from '../../load/load-config';
import type { TimeOrigin } from '../../metrics/timings';

/** Open-loop load is measured from when a request should have been sent, closed-loop load from when it was. */
export const timeOriginOf = ({ arrival }: LoadConfig): TimeOrigin =>
  arrival === 'closed' ? 'sent' : 'scheduled';
