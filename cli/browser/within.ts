/** Something took longer than it was given. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
}

/** @throws TooLate `WHAT within MS ms` when the work takes longer; it goes on then */
export async function within<Result>(ms: number, work: Promise<Result>, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const alarm = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TooLate(`${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, alarm]);
  } finally {
    clearTimeout(timer);
  }
}
