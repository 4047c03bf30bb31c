/** What a server says of itself at `/metrics`, as far as it does. Null: it has no figure of that kind. */
export interface ServerLoad {
  readonly running: number | null;
  readonly waiting: number | null;
  /** Share of the KV cache in use, 0 to 1. */
  readonly kvCacheUsage: number | null;
}

/** Each server's names, in the order of preference. */
const NAMES: Readonly<Record<keyof ServerLoad, readonly string[]>> = {
  running: [
    'vllm:num_requests_running',
    'sglang:num_running_reqs',
    'tgi_batch_current_size',
    'llamacpp:requests_processing',
  ],
  waiting: [
    'vllm:num_requests_waiting',
    'sglang:num_queue_reqs',
    'tgi_queue_size',
    'llamacpp:requests_deferred',
  ],
  kvCacheUsage: [
    'vllm:kv_cache_usage_perc',
    'vllm:gpu_cache_usage_perc',
    'sglang:token_usage',
    'llamacpp:kv_cache_usage_ratio',
  ],
};

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{.*\})?\s+(\S+)(?:\s+\d+)?$/;

/** Prometheus' text format. Samples of one name, as of several replicas behind one address, add up; shares are averaged. */
export function readServerLoad(text: string): ServerLoad {
  const samples = new Map<string, number[]>();
  for (const line of text.split('\n')) {
    const [, name, written] = SAMPLE.exec(line.trim()) ?? [];
    const value = Number(written);
    if (name === undefined || !Number.isFinite(value)) continue;
    samples.set(name, [...(samples.get(name) ?? []), value]);
  }
  const first = (names: readonly string[]) => names.map((name) => samples.get(name)).find((found) => found);
  const total = (values: readonly number[] | undefined) =>
    values?.reduce((sum, value) => sum + value, 0) ?? null;
  const usage = first(NAMES.kvCacheUsage);
  return {
    running: total(first(NAMES.running)),
    waiting: total(first(NAMES.waiting)),
    kvCacheUsage: usage ? (total(usage) ?? 0) / usage.length : null,
  };
}
