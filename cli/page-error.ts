/** A rejection in the page as its bare sentence, without Playwright's frame around it. */
export async function sentence<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const [first = message] = message.replace(/^page\.evaluate: /, '').split('\n    at ');
    throw new Error(first.replace(/^(Uncaught )?(\w*Error): /, ''), { cause: error });
  }
}
