import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Generated, GeneratePrompt } from '../src/core/commands';
import { GENERATE_PARAMETERS, type GenerateSampling } from '../src/core/load-config';
import { DEFAULT_SERVING_CONFIG, SERVING_PARAMETERS, type ServingConfig } from '../src/core/serving-config';
import { printable } from '../src/core/text';
import type { Command } from './command';
import { PAGE_OPTIONS, pageChoice } from './common-options';
import { given, options, text } from './option';
import { sentence } from './page-error';
import type { PageWindow } from './page-window';
import { createProgress } from './progress';
import { readPrompts } from './prompts';
import { UsageError } from './usage-error';

declare const window: PageWindow;

/** `generate`: the model's answers under a schedule. */
export const generate: Command = {
  says: 'Sends every prompt of a file at once and writes what the model said under the given schedule.',
  options: [
    text(
      '--prompts',
      'FILE.jsonl',
      '{"id","prompt","max_new_tokens","seed"} a line, the last two optional; for a chat model also "messages", a list of {"role","content"}, instead of "prompt". Required.',
    ),
    text('--out', 'FILE.jsonl', 'One line per prompt, in their order. Default: standard output.'),
    ...options(SERVING_PARAMETERS),
    ...options(GENERATE_PARAMETERS),
    ...PAGE_OPTIONS,
  ],
  async run(values) {
    const file = values.get('--prompts');
    if (typeof file !== 'string') throw new UsageError('generate needs --prompts FILE.jsonl.');
    const lines = readPrompts(file);
    const prompts = lines.map((line) => ({ ...line, id: String(line.id) }));
    const write = writerTo(values.get('--out'));
    const serving = given<ServingConfig>(SERVING_PARAMETERS, values);
    const sampling = given<GenerateSampling>(GENERATE_PARAMETERS, values);
    // All are sent at once, so a queue of the usual length would reject the end of a long file.
    const room = { maxQueue: Math.max(DEFAULT_SERVING_CONFIG.maxQueue, prompts.length) };
    const progress = createProgress();
    // Imported after the arguments are checked, so that a wrong one is refused at once.
    const { withPage } = await import('./session');
    const answers = await withPage(pageChoice(values), progress, async ({ page }) => {
      progress.show(`generating for ${prompts.length} prompts`);
      return sentence(page.evaluate(ask, { serving: { ...room, ...serving }, sampling, prompts }));
    });
    progress.end();
    // Answers come in the order of the file, so each gets the id of its line back.
    write(answers.map((answer, i) => `${JSON.stringify({ ...answer, id: lines[i]?.id })}\n`).join(''));
    assertAnswered(prompts, answers);
  },
};

interface Question {
  readonly serving: Partial<ServingConfig>;
  readonly sampling: Partial<GenerateSampling>;
  readonly prompts: readonly GeneratePrompt[];
}

/** Runs in the page. */
async function ask({ serving, sampling, prompts }: Question): Promise<readonly Generated[]> {
  await window.headway.configure(serving);
  return window.headway.generate(prompts, sampling);
}

function writerTo(path: unknown): (lines: string) => void {
  if (typeof path !== 'string') return (lines) => process.stdout.write(printable(lines));
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, '');
  } catch (error) {
    throw new UsageError(`--out must be a file that can be written; given: "${path}" (${String(error)}).`);
  }
  return (lines) => writeFileSync(path, lines);
}

/** @throws Error when a prompt has no answer, or one that ended neither by the model nor by its length */
function assertAnswered(prompts: readonly GeneratePrompt[], answers: readonly Generated[]): void {
  if (answers.length !== prompts.length) {
    throw new Error(`${prompts.length} prompts were sent; ${answers.length} answers came back.`);
  }
  const broken = answers.filter(({ finish_reason: reason }) => reason !== 'stop' && reason !== 'length');
  const [first] = broken;
  if (first) {
    throw new Error(
      `${broken.length} of ${answers.length} prompts were not answered; the first is "${first.id}": ${first.finish_reason}.`,
    );
  }
}
