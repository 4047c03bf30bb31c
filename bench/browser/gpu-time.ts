/** Long enough that submitting and being told do not count. */
const LONG_ENOUGH_MS = 50;

/**
 * Work per second at best: the amount is doubled until it takes long enough, then repeated while the budget lasts.
 * @param submit submits `times` units of work
 * @returns units per second
 */
export async function unitsPerSecond(
  device: GPUDevice,
  budgetMs: number,
  submit: (times: number) => void,
): Promise<number> {
  const deadline = performance.now() + budgetMs;
  const timed = async (times: number) => {
    const begin = performance.now();
    submit(times);
    await device.queue.onSubmittedWorkDone();
    return performance.now() - begin;
  };
  // Compiles.
  await timed(1);
  let times = 1;
  let ms = await timed(times);
  while (ms < LONG_ENOUGH_MS && performance.now() + 2 * ms < deadline) {
    times *= 2;
    ms = await timed(times);
  }
  while (performance.now() + ms < deadline) ms = Math.min(ms, await timed(times));
  return (1000 * times) / ms;
}
