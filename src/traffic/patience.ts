import type { LoadConfig } from '../core/load-config';
import type { RequestId } from '../core/request';

type PatienceConfig = Pick<LoadConfig, 'abandonShare' | 'abandonAfterMs'>;

interface Limit {
  readonly id: RequestId;
  /** ms. */
  readonly at: number;
}

/** Clients, a share of whom goes away when they have had no answer for a while. */
export class Patience {
  readonly #impatient = new Set<RequestId>();
  /** Ascending; those of answered requests are left in it. */
  #limits: Limit[] = [];

  /** When the next client goes away, ms; `Infinity` if none does. */
  get nextDue(): number {
    if (this.#impatient.size === 0) this.#limits = [];
    return this.#limits[0]?.at ?? Number.POSITIVE_INFINITY;
  }

  /** @param draw of this client, uniform in [0, 1): made for each, so that the n-th is the n-th whatever the share */
  sent(id: RequestId, at: number, draw: number, { abandonShare, abandonAfterMs }: PatienceConfig): void {
    if (draw >= abandonShare) return;
    this.#impatient.add(id);
    const limit = { id, at: at + abandonAfterMs };
    let place = this.#limits.length;
    while (place > 0 && (this.#limits[place - 1] as Limit).at > limit.at) place -= 1;
    this.#limits.splice(place, 0, limit);
  }

  settled(id: RequestId): void {
    this.#impatient.delete(id);
  }

  /** Requests whose client goes away by `now`. */
  takeDue(now: number): readonly RequestId[] {
    const gone: RequestId[] = [];
    while (this.nextDue <= now) {
      const { id } = this.#limits.shift() as Limit;
      if (this.#impatient.delete(id)) gone.push(id);
    }
    return gone;
  }
}
