import type { PageChoice } from '../cli/common-options';
import type { Progress } from '../cli/progress';
import type { Kind } from './measures';
import type { PageHost } from './page-host';

/** What every section is given. */
export interface Section {
  readonly kind: Kind;
  /** Of the model, as a worker of the bench's page opens it. */
  readonly url: string;
  readonly host: PageHost;
  /** As the command line opens the production page. */
  readonly choice: PageChoice;
  readonly progress: Progress;
  /** About how long it may take. */
  readonly budgetMs: number;
}
