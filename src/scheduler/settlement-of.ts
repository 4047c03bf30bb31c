import type { Settlement } from '../core/request';
import type { TaskEnd } from './generators/row';

export function settlementOf(end: TaskEnd): Settlement {
  switch (end.type) {
    case 'finished':
      return { outcome: 'completed', finishReason: end.reason };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'failed':
      return { outcome: 'failed', message: end.message };
  }
}
