import type { TraceFile } from '../src/core/commands';
import { text } from './option';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import type { Session } from './session';

declare const window: PageWindow;

export const PROMPTS_OPTION = text(
  '--prompts',
  'FILE',
  'A data set to send instead of the model’s own prompts: JSON lines with "prompt", ShareGPT’s JSON, or a prompt a line.',
);

/** @returns how much of the data set the model's context allows, as a sentence; null where that is all of it */
export async function givePrompts({ page }: Session, file: TraceFile): Promise<string | null> {
  const info = await sentence(page.evaluate((given) => window.headway.setPrompts(given), file));
  if (!info || info.tooLong === 0) return null;
  return `${info.tooLong} of ${info.prompts} prompts of ${info.name} are too long for the model's context and are left out.`;
}

export async function giveTrace({ page }: Session, file: TraceFile): Promise<void> {
  await sentence(page.evaluate((given) => window.headway.setTrace(given).then(() => {}), file));
}
