import type { TraceFile } from '../src/core/commands';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import type { Session } from './session';

declare const window: PageWindow;

export async function giveTrace({ page }: Session, file: TraceFile): Promise<void> {
  await sentence(page.evaluate((given) => window.headway.setTrace(given).then(() => {}), file));
}
