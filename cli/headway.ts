import { printable } from '../src/core/text';
import { bench } from './bench';
import type { Command } from './command';
import { doctor } from './doctor';
import { generate } from './generate';
import { help, parse } from './parse';
import { predict } from './predict';
import { serve } from './serve/serve';
import { sweep } from './sweep';
import { UsageError } from './usage-error';

const COMMANDS: Readonly<Record<string, Command>> = { bench, sweep, predict, generate, serve, doctor };

const OVERVIEW = [
  'Usage: npm run headway -- COMMAND [options]',
  '',
  ...Object.entries(COMMANDS).map(([name, { says }]) => `  ${name.padEnd(10)}${says}`),
  '',
  'COMMAND --help prints its options.',
  '',
].join('\n');

async function main([name, ...args]: readonly string[]): Promise<void> {
  if (name === '--help' || name === 'help') return void process.stdout.write(OVERVIEW);
  const command =
    name === undefined ? undefined : Object.entries(COMMANDS).find(([key]) => key === name)?.[1];
  if (name === undefined || !command) {
    const given = name === undefined ? 'none is given' : `given: "${name}"`;
    throw new UsageError(`A command must be one of ${Object.keys(COMMANDS).join(', ')}; ${given}.`);
  }
  if (args.includes('--help')) {
    return void process.stdout.write(help(`headway -- ${name} [options]`, command.says, command.options));
  }
  await command.run(parse(command.options, args), [name, ...args]);
}

/**
 * `npm run headway -- COMMAND`: drives the page in a real browser.
 *
 * @returns the exit code. 0: what was asked for was done; 1: it failed; 2: it was asked for wrongly, and nothing was started
 */
export async function headway(args: readonly string[]): Promise<number> {
  try {
    await main(args);
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`headway: ${printable(message)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}
