import type { Clock } from '../../core/clock';
import type { ServingEvent } from '../../core/events';
import type { Compliance } from '../../core/experiment';
import type { RequestId, ServingRequest, Settlement } from '../../core/request';
import { Exchange, type ExchangeEnd } from './exchange';
import { type AcceptedFields, ENDPOINT_PATHS, type Endpoint, requestBody } from './request-body';
import type { HttpExchange, HttpTransport } from './transport';

export interface RemoteEngineOptions {
  readonly transport: HttpTransport;
  readonly clock: Clock;
  /** Path of the API below the origin, without a slash at its end: `/v1`. */
  readonly basePath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  readonly endpoint: Endpoint;
  readonly accepts: AcceptedFields;
  /** Every event of every request, in order. */
  readonly emit: (event: ServingEvent) => void;
  /** ms from the sending after which a request is given up as expired. */
  readonly timeoutMs: number;
  /** Whether a rejected request is sent again after the server's `Retry-After`, until its time is over. */
  readonly retryAfter: boolean;
}

interface UnderWay {
  readonly exchange: Exchange;
  http: HttpExchange | null;
  readonly timer: AbortController;
}

/**
 * An OpenAI-compatible server as an engine: requests go out as HTTP, answers come back as the events that a client can
 * know. There is no queue, batch or pass among them. Every submitted request settles exactly once, within `timeoutMs`.
 */
export class RemoteEngine {
  readonly #options: RemoteEngineOptions;
  readonly #underWay = new Map<RequestId, UnderWay>();
  readonly #compliance = {
    completed: 0,
    shortAnswers: 0,
    askedTokens: 0,
    receivedTokens: 0,
    countedByChunks: 0,
    notStreamed: 0,
  };

  constructor(options: RemoteEngineOptions) {
    this.#options = options;
  }

  get inFlight(): number {
    return this.#underWay.size;
  }

  /** A copy, of all requests so far. */
  get compliance(): Compliance {
    return { ...this.#compliance };
  }

  submit(request: ServingRequest): void {
    const timer = new AbortController();
    const exchange = this.#exchange(request);
    this.#underWay.set(request.id, { exchange, http: null, timer });
    this.#send(request, exchange);
    const { clock, timeoutMs } = this.#options;
    void clock.sleep(timeoutMs, timer.signal).then(() => this.#giveUp(request.id, { outcome: 'expired' }));
  }

  /** The client goes away: the connection is closed. */
  cancel(id: RequestId): void {
    this.#giveUp(id, { outcome: 'cancelled' });
  }

  /** Gives up everything under way and closes all connections. */
  async close(): Promise<void> {
    for (const id of [...this.#underWay.keys()]) this.cancel(id);
    await this.#options.transport.close();
  }

  #exchange(request: ServingRequest): Exchange {
    const { emit, clock } = this.#options;
    return new Exchange(request, {
      onText: (sequence, text, at) => emit({ type: 'received', at, id: request.id, sequence, text }),
      onEnd: (end) => {
        if (this.#sendsAgain(request, end)) return;
        this.#settle(request, end, clock.now());
      },
    });
  }

  #send(request: ServingRequest, exchange: Exchange): void {
    const { transport, basePath, headers, endpoint } = this.#options;
    const http = transport.send(
      {
        method: 'POST',
        path: `${basePath}${ENDPOINT_PATHS[endpoint]}`,
        headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
        body: requestBody(request, request.text ?? '', this.#options),
      },
      exchange,
    );
    const underWay = this.#underWay.get(request.id);
    if (underWay) underWay.http = http;
  }

  /** Whether the end of this exchange is not the request's end. */
  #sendsAgain(request: ServingRequest, { settlement, retryAfterS }: ExchangeEnd): boolean {
    const { clock, retryAfter } = this.#options;
    const before = this.#underWay.get(request.id);
    if (!retryAfter || settlement.outcome !== 'rejected' || retryAfterS === null || !before) return false;
    const exchange = this.#exchange(request);
    this.#underWay.set(request.id, { exchange, http: null, timer: before.timer });
    void clock.sleep(retryAfterS * 1000, before.timer.signal).then(() => {
      if (!exchange.ended) this.#send(request, exchange);
    });
    return true;
  }

  #giveUp(id: RequestId, settlement: Settlement): void {
    const underWay = this.#underWay.get(id);
    if (!underWay) return;
    underWay.http?.abort();
    underWay.exchange.end(settlement);
  }

  #settle(request: ServingRequest, end: ExchangeEnd, at: number): void {
    const { id } = request;
    const underWay = this.#underWay.get(id);
    this.#underWay.delete(id);
    underWay?.timer.abort();
    // What the server goes on sending after an error is of no use.
    if (end.settlement.outcome === 'failed') underWay?.http?.abort();
    const { promptTokens, outputTokens, countedBy, settlement } = end;
    if (settlement.outcome === 'completed') this.#judge(request, end);
    this.#options.emit({ type: 'counted', at, id, promptTokens, outputTokens, by: countedBy });
    this.#options.emit({ type: 'settled', at, id, settlement });
  }

  #judge({ ignoreEos, maxNewTokens, sequences }: ServingRequest, end: ExchangeEnd): void {
    const seen = this.#compliance;
    seen.completed += 1;
    if (end.countedBy === 'chunks') seen.countedByChunks += 1;
    if (end.whole) seen.notStreamed += 1;
    const asked = maxNewTokens * sequences;
    if (!ignoreEos || end.countedBy === 'chunks' || end.outputTokens >= asked) return;
    seen.shortAnswers += 1;
    seen.askedTokens += asked;
    seen.receivedTokens += end.outputTokens;
  }
}
