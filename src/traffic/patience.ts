import type { Clock } from '../core/clock';
import type { LoadConfig } from '../core/load-config';
import type { RequestId } from '../core/request';

type PatienceConfig = Pick<LoadConfig, 'abandonShare' | 'abandonAfterMs'>;

/** Clients, a share of whom goes away when nobody has answered them for a while. */
export class Patience {
  readonly #clock: Clock;
  readonly #abandon: (id: RequestId) => void;
  readonly #impatient = new Set<RequestId>();

  constructor(clock: Clock, abandon: (id: RequestId) => void) {
    this.#clock = clock;
    this.#abandon = abandon;
  }

  /** @param draw of this client, uniform in [0, 1): made for each, so that the n-th is the n-th whatever the share */
  sent(id: RequestId, draw: number, { abandonShare, abandonAfterMs }: PatienceConfig): void {
    if (draw >= abandonShare) return;
    this.#impatient.add(id);
    void this.#lose(id, abandonAfterMs);
  }

  settled(id: RequestId): void {
    this.#impatient.delete(id);
  }

  async #lose(id: RequestId, afterMs: number): Promise<void> {
    await this.#clock.sleep(afterMs);
    if (this.#impatient.delete(id)) this.#abandon(id);
  }
}
