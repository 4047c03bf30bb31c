import type { Backend } from '../../core/backend';
import type { Clock } from '../../core/clock';

/**
 * The same backend, which says before each pass how long it will take, in ms: as long as the last one did, and longer in
 * proportion where it has more positions. 0 for the first.
 */
export function announcePasses(
  backend: Backend,
  clock: Clock,
  announce: (expectedMs: number) => void,
): Backend {
  let last = { positions: Number.POSITIVE_INFINITY, ms: 0 };

  async function pass(positions: number, run: () => Promise<readonly number[]>) {
    announce(last.ms * Math.max(1, positions / last.positions));
    const startedAt = clock.now();
    const tokens = await run();
    last = { positions, ms: clock.now() - startedAt };
    return tokens;
  }

  return {
    capabilities: backend.capabilities,
    lost: backend.lost,
    microBatchCount: (request, microBatchSize) => backend.microBatchCount(request, microBatchSize),
    checkRoom: (slots) => backend.checkRoom(slots),
    step: (rows) =>
      pass(
        rows.reduce((sum, { tokens }) => sum + (tokens?.length ?? 1), 0),
        () => backend.step(rows),
      ),
    copyRow: (from, to) => backend.copyRow(from, to),
    memory: () => backend.memory(),
    dispose: () => backend.dispose(),
  };
}
