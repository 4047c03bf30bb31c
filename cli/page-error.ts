/** Rethrows an error of the page with its own message, without the text that Playwright puts around it. */
export async function sentence<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [first = message] = message.replace(/^page\.evaluate: /, '').split('\n    at ');
    throw new Error(first.replace(/^(Uncaught )?(\w*Error): /, ''), { cause: error });
  }
}
