import type { Clock } from '../../core/clock';
import type { ClientMessage, ServerMessage } from '../../core/engine';
import type { ServingEvent } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';

/**
 * The client's end of the data channel. Requests of one turn leave in one message. Every request that was submitted
 * settles: when the server goes away, by an event made here.
 */
export class ServerLink {
  readonly #clock: Clock;
  readonly #onEvents: (events: readonly ServingEvent[]) => void;
  readonly #inFlight = new Set<RequestId>();
  #idle: (() => void)[] = [];
  #port: MessagePort | null = null;
  #outbox: ServingRequest[] = [];
  /** Why there is no port, as a sentence. */
  #absence = 'No server is connected.';

  constructor(clock: Clock, onEvents: (events: readonly ServingEvent[]) => void) {
    this.#clock = clock;
    this.#onEvents = onEvents;
  }

  get connected(): boolean {
    return this.#port !== null;
  }

  /** What was in flight on the old port fails. */
  connect(port: MessagePort): void {
    this.#leave();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<ServerMessage>) => this.#receive(data.events);
    this.#failInFlight('The server was replaced before it answered.');
  }

  /** What is in flight fails for this reason, and so does what is submitted until the next `connect`. */
  disconnect(reason: string): void {
    this.#leave();
    this.#absence = reason;
    this.#failInFlight(reason);
  }

  /** Resolves when nothing is in flight. */
  async idle(): Promise<void> {
    if (this.#inFlight.size > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  submit(request: ServingRequest): void {
    this.#inFlight.add(request.id);
    this.#outbox.push(request);
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  /** Asks the server to give these up; each still settles by its own event. */
  cancel(ids: readonly RequestId[]): void {
    this.#post({ type: 'cancel', ids });
  }

  #flush(): void {
    const requests = this.#outbox;
    this.#outbox = [];
    if (requests.length === 0) return;
    if (this.#port) this.#post({ type: 'submit', requests });
    else
      this.#fail(
        requests.map(({ id }) => id),
        this.#absence,
      );
  }

  #post(message: ClientMessage): void {
    this.#port?.postMessage(message);
  }

  #receive(events: readonly ServingEvent[]): void {
    for (const event of events) if (event.type === 'settled') this.#inFlight.delete(event.id);
    this.#onEvents(events);
    if (this.#inFlight.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #leave(): void {
    if (!this.#port) return;
    this.#port.onmessage = null;
    this.#port.close();
    this.#port = null;
  }

  #failInFlight(message: string): void {
    this.#outbox = [];
    this.#fail([...this.#inFlight], message);
  }

  #fail(ids: readonly RequestId[], message: string): void {
    if (ids.length === 0) return;
    const at = this.#clock.now();
    this.#receive(ids.map((id) => ({ type: 'settled', at, id, settlement: { outcome: 'failed', message } })));
  }
}
