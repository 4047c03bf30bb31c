import { HeadwayError } from '../core/errors';

/** A model that cannot be served, with all that stands in the way, a sentence each. */
export function unsupported(label: string, problems: readonly string[]): HeadwayError {
  const [first = ''] = problems;
  const sentences =
    problems.length === 1 ? ` ${first}` : `\n${problems.map((each) => `· ${each}`).join('\n')}`;
  return new HeadwayError('model-unsupported', `${label} cannot be served:${sentences}`);
}
