/** Looked at once a second, over as many of the last seconds. */
const SECONDS = 5;
/** Of the requests that come in a second, the share that must settle in it for the server to be keeping up. */
const KEEPING_UP = 0.8;
/** Seconds of work in flight, at the pace of the last second, beyond which it is no passing crowd. */
const HOPELESS_S = 3;

interface Second {
  readonly at: number;
  readonly sent: number;
  readonly settled: number;
}

/**
 * Watches whether requests that come at a steady rate pile up without hope. They do when in each of the last five seconds
 * fewer than 80 % of those that came were settled, and those in flight are more than three seconds of work at the pace of
 * the last second. A server that sheds what it cannot do settles as many as come, and is left alone; so is one that has
 * not settled anything yet, since its answers may only take long.
 */
export class Backlog {
  readonly #seconds: Second[];

  /** @param begun ms on the shared clock */
  constructor(begun: number) {
    this.#seconds = [{ at: begun, sent: 0, settled: 0 }];
  }

  /**
   * Call several times a second. `sent` and `settled` count from the beginning.
   * @returns why it is hopeless, as a sentence; null when it is not
   */
  see(at: number, sent: number, settled: number): string | null {
    const last = this.#seconds.at(-1);
    if (!last || at - last.at < 1000) return null;
    this.#seconds.push({ at, sent, settled });
    if (this.#seconds.length <= SECONDS) return null;
    const seconds = this.#seconds.slice(-SECONDS - 1);
    const pace = ((settled - last.settled) * 1000) / (at - last.at);
    const inFlight = sent - settled;
    const pilesUp = seconds.every((second, i) => {
      const before = seconds[i - 1];
      return !before || second.settled - before.settled < KEEPING_UP * (second.sent - before.sent);
    });
    if (!pilesUp || pace === 0 || inFlight <= HOPELESS_S * pace) return null;
    const [first = last] = seconds;
    const perSecond = (count: number) => Math.round((count * 1000) / (at - first.at));
    return (
      `Ended early: over the last ${SECONDS} s ${perSecond(sent - first.sent)} requests a second came and ` +
      `${perSecond(settled - first.settled)} a second were settled; the ${inFlight} in flight are ` +
      `${(inFlight / pace).toFixed(1)} s of work and become more.`
    );
  }
}
