import { Counter, Gauge, Histogram, Registry } from 'prom-client';

const SECONDS = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80,
];

/** One request's figures, stamped as it goes along. */
export interface RequestClock {
  queued(promptTokens: number): void;
  started(): void;
  tokens(count: number): void;
  /** @param reason `stop`, `length`, or the outcome of one that was not completed */
  done(reason: string): void;
}

/** `/metrics`: under vLLM's names, where the meaning is the same, so that its dashboards show this server as well. */
export class ServeMetrics {
  readonly #registry = new Registry();
  readonly #model: string;
  readonly #now: () => number;
  readonly #running = this.#gauge('num_requests_running', 'Requests that are being computed.');
  readonly #waiting = this.#gauge('num_requests_waiting', 'Requests in the queue.');
  readonly #promptTokens = this.#counter('prompt_tokens_total', 'Tokens of prompts that were taken.');
  readonly #generated = this.#counter('generation_tokens_total', 'Tokens that were generated.');
  readonly #finished = this.#counter('request_success_total', 'Requests that were completed, by reason.', [
    'finished_reason',
  ]);
  readonly #refused = new Counter({
    name: 'headway_requests_not_completed_total',
    help: 'Requests that were not completed, by outcome.',
    labelNames: ['outcome'],
    registers: [this.#registry],
  });
  readonly #ttft = this.#histogram('time_to_first_token_seconds', 'From a request to its first token.');
  readonly #itl = this.#histogram('inter_token_latency_seconds', 'Between two tokens of a request.');
  readonly #latency = this.#histogram('e2e_request_latency_seconds', 'From a request to its end.');
  readonly #queue = this.#histogram(
    'request_queue_time_seconds',
    'From a place in the queue to the begin of computing.',
  );

  /** @param now ms */
  constructor(model: string, now: () => number) {
    this.#model = model;
    this.#now = now;
    for (const gauge of [this.#running, this.#waiting]) gauge.set({ model_name: model }, 0);
    for (const counter of [this.#promptTokens, this.#generated]) counter.inc({ model_name: model }, 0);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  /** A request came in now. */
  request(): RequestClock {
    const labels = { model_name: this.#model };
    const came = this.#now();
    const seconds = (since: number) => (this.#now() - since) / 1000;
    let state: 'new' | 'waiting' | 'running' = 'new';
    let queuedAt = came;
    let last: number | null = null;
    const leave = () => {
      if (state === 'waiting') this.#waiting.dec(labels);
      if (state === 'running') this.#running.dec(labels);
    };
    return {
      queued: (promptTokens) => {
        state = 'waiting';
        queuedAt = this.#now();
        this.#waiting.inc(labels);
        this.#promptTokens.inc(labels, promptTokens);
      },
      started: () => {
        leave();
        state = 'running';
        this.#running.inc(labels);
        this.#queue.observe(labels, seconds(queuedAt));
      },
      tokens: (count) => {
        if (count === 0) return;
        this.#generated.inc(labels, count);
        if (last === null) this.#ttft.observe(labels, seconds(came));
        else this.#itl.observe(labels, seconds(last));
        last = this.#now();
      },
      done: (reason) => {
        leave();
        state = 'new';
        if (reason === 'stop' || reason === 'length') {
          this.#finished.inc({ ...labels, finished_reason: reason });
          this.#latency.observe(labels, seconds(came));
        } else {
          this.#refused.inc({ outcome: reason });
        }
      },
    };
  }

  #gauge(name: string, help: string): Gauge<'model_name'> {
    return new Gauge({ name: `vllm:${name}`, help, labelNames: ['model_name'], registers: [this.#registry] });
  }

  #counter<Label extends string = never>(
    name: string,
    help: string,
    labels: readonly Label[] = [],
  ): Counter<'model_name' | Label> {
    const labelNames = ['model_name' as const, ...labels];
    return new Counter({ name: `vllm:${name}`, help, labelNames, registers: [this.#registry] });
  }

  #histogram(name: string, help: string): Histogram<'model_name'> {
    return new Histogram({
      name: `vllm:${name}`,
      help,
      labelNames: ['model_name'],
      buckets: SECONDS,
      registers: [this.#registry],
    });
  }
}
