import type { Measured } from './report/benchmark';

/** A failure is a figure too: it stands in its place with its reason, and the rest goes on. */
export async function attempt<Figures>(work: () => Promise<Figures>): Promise<Measured<Figures>> {
  try {
    return { ok: await work() };
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) };
  }
}
