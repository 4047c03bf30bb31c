import type { ClientMessage, ServerMessage } from '../../core/engine';
import { toPlain } from '../../core/errors';
import type { ServingEvent } from '../../core/events';
import type { RequestId, ServingRequest } from '../../core/request';
import { systemClock } from '../../core/system-clock';

export interface RequestHandlers {
  submit(request: ServingRequest): void;
  cancel(id: RequestId): void;
}

/** The server's end of the data channel: requests come in, and all events of one turn leave in one message. */
export class EventPort {
  readonly #handlers: RequestHandlers;
  #port: MessagePort | null = null;
  #outbox: ServingEvent[] = [];

  constructor(handlers: RequestHandlers) {
    this.#handlers = handlers;
  }

  /** A new client takes the place of the old one. */
  open(port: MessagePort): void {
    this.#port?.close();
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<ClientMessage>) => this.#receive(data);
  }

  send(event: ServingEvent): void {
    this.#outbox.push(event);
    if (this.#outbox.length === 1) queueMicrotask(() => this.#flush());
  }

  #receive(message: ClientMessage): void {
    switch (message.type) {
      case 'submit':
        for (const request of message.requests) this.#submit(request);
        return;
      case 'cancel':
        for (const id of message.ids) this.#handlers.cancel(id);
        return;
    }
  }

  /** A request that cannot even be taken is answered all the same. */
  #submit(request: ServingRequest): void {
    try {
      this.#handlers.submit(request);
    } catch (error) {
      const { message } = toPlain(error);
      const settlement = { outcome: 'failed', message } as const;
      this.send({ type: 'settled', at: systemClock.now(), id: request.id, settlement });
    }
  }

  #flush(): void {
    const message: ServerMessage = { type: 'events', events: this.#outbox };
    this.#outbox = [];
    this.#port?.postMessage(message);
  }
}
