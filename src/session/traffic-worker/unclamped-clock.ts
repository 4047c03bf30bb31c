import type { Clock } from '../../core/clock';
import { systemClock } from '../../core/system-clock';

/**
 * The real clock without the browser's clamp. A timer set while a timer's callback runs is nested, and the fifth level and
 * deeper wait at least 4 ms: an arrival process that sleeps again and again would be late by milliseconds. A timer set
 * from a message is not nested, so each is set from one.
 */
export function createUnclampedClock(): Clock {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return {
    now: systemClock.now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        waiting.push(() => void systemClock.sleep(ms, signal).then(resolve));
        port2.postMessage(null);
      }),
  };
}
