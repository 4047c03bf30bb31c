import { describe, expect, it } from 'vitest';
import { createRng } from '../traffic/rng';
import { Backlog } from './backlog';

/** One server that takes `serviceMs` for each request, and Poisson arrivals: what is said, and after how many seconds. */
function watch({ rate, serviceMs, seconds }: { rate: number; serviceMs: number; seconds: number }) {
  const rng = createRng(3);
  const backlog = new Backlog(0);
  const ends: number[] = [];
  let arrival = 0;
  let free = 0;
  for (let at = 250; at <= seconds * 1000; at += 250) {
    while (arrival < at) {
      free = Math.max(free, arrival) + serviceMs;
      ends.push(free);
      arrival += (-Math.log1p(-rng.uniform()) * 1000) / rate;
    }
    const said = backlog.see(at, ends.length, ends.filter((end) => end <= at).length);
    if (said) return { said, seconds: at / 1000 };
  }
  return null;
}

describe('a hopeless backlog', () => {
  it('is seen at twice the capacity within seconds, and said with its figures', () => {
    const seen = watch({ rate: 200, serviceMs: 10, seconds: 60 });
    expect(seen?.seconds).toBeGreaterThanOrEqual(5);
    expect(seen?.seconds).toBeLessThan(8);
    expect(seen?.said).toMatch(/ \d{3} requests a second came and (99|100) a second were settled/);
  });

  it('is not seen below capacity, nor a little above it, where a run of minutes is still worth having', () => {
    for (const rate of [20, 50, 90, 100, 110]) {
      expect(watch({ rate, serviceMs: 10, seconds: 120 }), `${rate} a second`).toBeNull();
    }
  });

  it('is not seen while the first answers are only slow', () => {
    const backlog = new Backlog(0);
    // Ten a second, each answered after exactly eight seconds by a server of any width.
    for (let at = 250; at <= 60_000; at += 250) {
      expect(backlog.see(at, Math.floor(at / 100), Math.floor(Math.max(0, at - 8000) / 100))).toBeNull();
    }
  });

  it('is not seen in a crowd that passes', () => {
    const backlog = new Backlog(0);
    // 300 a second for four seconds, then 20; 100 a second are served.
    let [sent, settled] = [0, 0];
    for (let at = 250; at <= 60_000; at += 250) {
      sent += at <= 4000 ? 75 : 5;
      settled = Math.min(sent, settled + 25);
      expect(backlog.see(at, sent, settled)).toBeNull();
    }
  });

  it('is not seen where the server turns away what it cannot do', () => {
    const backlog = new Backlog(0);
    for (let at = 250; at <= 60_000; at += 250) {
      const sent = at;
      expect(backlog.see(at, sent, Math.max(0, sent - 1024))).toBeNull();
    }
  });
});
