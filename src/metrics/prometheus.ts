import type { LiveSnapshot } from '../core/figures';
import { OUTCOMES } from '../core/request';

interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge';
  readonly help: string;
  /** Value by label set; one without labels has the key ''. */
  readonly values: Readonly<Record<string, number>>;
}

/** A snapshot in Prometheus' text format, under names in the style of the field's servers. */
export function prometheusText(snapshot: LiveSnapshot): string {
  return metricsOf(snapshot)
    .map(({ name, type, help, values }) => {
      const lines = Object.entries(values).map(([labels, value]) => `headway_${name}${labels} ${value}`);
      return [`# HELP headway_${name} ${help}`, `# TYPE headway_${name} ${type}`, ...lines, ''].join('\n');
    })
    .join('');
}

function metricsOf({ counters: c, inFlight, queueDepth, server }: LiveSnapshot): readonly Metric[] {
  const counter = (name: string, help: string, values: number | Metric['values']): Metric => ({
    name,
    type: 'counter',
    help,
    values: typeof values === 'number' ? { '': values } : values,
  });
  const gauge = (name: string, help: string, value: number): Metric => ({
    name,
    type: 'gauge',
    help,
    values: { '': value },
  });
  const outcomes = OUTCOMES.map((outcome) => [`{outcome="${outcome}"}`, c.outcomes[outcome]] as const);
  return [
    gauge('num_requests_in_flight', 'Requests sent and not settled.', inFlight),
    gauge('num_requests_waiting', 'Requests in the queue.', queueDepth),
    counter('requests_accepted_total', 'Requests that got a place in the queue.', c.accepted),
    counter('requests_total', 'Requests settled, by outcome.', Object.fromEntries(outcomes)),
    counter('batches_total', 'Batches sealed.', c.batches),
    counter('batches_closed_early_total', 'Batches whose wait for company a limit cut short.', c.closedEarly),
    counter('batched_requests_total', 'Requests sealed into batches.', c.batched),
    counter('micro_batches_total', 'Micro-batches that these come to.', c.microBatches),
    counter(
      'overtaking_requests_total',
      'Requests that by their priority went before one that had come earlier.',
      c.overtook,
    ),
    counter('batches_dispatched_total', 'Batches that the runner took.', c.dispatched),
    counter('stale_dropped_total', 'Members of sealed batches that had gone at dispatch.', c.staleDropped),
    counter('refilled_total', 'Requests that took the places of such members.', c.refilled),
    counter('forward_passes_total', 'Forward passes, by phase.', {
      '{phase="prefill"}': c.prefills,
      '{phase="decode"}': c.decodes,
    }),
    counter('prefill_chunks_total', 'Prefills of a part of a prompt that was not its last.', c.prefillChunks),
    counter('generation_tokens_total', 'Tokens that clients received.', c.tokens),
    counter('wasted_tokens_total', 'Decoded rows that nobody was waiting for, by cause.', {
      '{cause="finished"}': c.wastedFinished,
      '{cause="gone"}': c.wastedGone,
    }),
    counter('device_losses_total', 'Times that the GPU device went away.', c.deviceLosses),
    ...(server.memory
      ? [
          gauge('gpu_buffers', 'Buffers on the GPU.', server.memory.buffers),
          gauge('gpu_memory_bytes', 'Bytes of these buffers.', server.memory.bytes),
        ]
      : []),
  ];
}
