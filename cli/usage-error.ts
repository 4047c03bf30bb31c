/** What was typed cannot be done: exit code 2. The message names the option, what was given and what is allowed. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
