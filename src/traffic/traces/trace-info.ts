import type { Trace, TraceInfo } from '../../core/trace';

export function traceInfo({ name, format, at, failed, unsorted }: Trace, sha256: string): TraceInfo {
  const durationS = (at.at(-1) ?? 0) / 1000;
  return { name, sha256, format, requests: at.length, durationS, failed, unsorted };
}
