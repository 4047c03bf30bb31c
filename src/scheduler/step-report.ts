import type { StepEvent } from '../core/events';
import type { RequestId, Settlement } from '../core/request';
import type { GeneratorEvent } from './generators/generator';

/** Who got which token in a step, in row order. */
export function writtenIn(
  events: readonly GeneratorEvent[],
): Pick<StepEvent, 'ids' | 'tokens' | 'sequences'> {
  const [ids, tokens, sequences]: [RequestId[], number[], number[]] = [[], [], []];
  for (const event of events) {
    if (event.type !== 'token') continue;
    ids.push(event.id);
    tokens.push(event.token);
    sequences.push(event.sequence);
  }
  return { ids, tokens, sequences };
}

export function settlementOf(event: Exclude<GeneratorEvent, { type: 'token' }>): Settlement {
  switch (event.type) {
    case 'finished':
      return { outcome: 'completed', finishReason: event.reason };
    case 'cancelled':
      return { outcome: 'cancelled' };
    case 'failed':
      return { outcome: 'failed', message: event.message };
  }
}
