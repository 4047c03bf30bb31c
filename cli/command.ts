import type { Option, Values } from './option';

/** One word after `npm run headway --`. */
export interface Command {
  readonly says: string;
  readonly options: readonly Option[];
  /**
   * @param args as typed, for the manifest
   * @throws UsageError (exit code 2), any other error (1)
   */
  run(values: Values, args: readonly string[]): Promise<void>;
}
