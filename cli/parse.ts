import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { HeadwayError } from '../src/core/errors';
import { allowedValues, checkParameter, type Parameter, parseEntry } from '../src/core/parameter';
import type { Option, Value, Values } from './option';
import { UsageError } from './usage-error';

/**
 * Reads a command's arguments; every value is checked before a browser starts.
 * @returns values by flag, dashes included; only what was given
 * @throws UsageError for an unknown option, a missing value, or a value that is not allowed
 */
export function parse(known: readonly Option[], args: readonly string[]): Values {
  const command = commandOf(known);
  try {
    command.parse([...args], { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageErrorOf(error, known) : error;
  }
  const [alone] = command.args;
  if (alone !== undefined) {
    throw new UsageError(`"${alone}" stands alone; every value belongs to an option, as in --max-batch 8.`);
  }
  const given = known.map(({ flag }) => [flag, command.getOptionValue(flag)] as const);
  return new Map(given.filter((entry): entry is readonly [string, Value] => entry[1] !== undefined));
}

/** A command's options with what each allows, its default and its effect. @param usage what follows `npm run` */
export const help = (usage: string, says: string, known: readonly Option[]): string =>
  commandOf(known).name(`npm run ${usage}`).usage(' ').description(says).helpInformation();

function commandOf(known: readonly Option[]): Commander {
  const command = new Commander()
    .helpOption(false)
    .allowExcessArguments(true)
    .exitOverride()
    .configureHelp({ helpWidth: 100 })
    .configureOutput({ writeErr: () => {} });
  for (const option of known) command.addOption(new DeclaredOption(option));
  return command;
}

/** An option as commander takes it, with its value kept under its flag. */
class DeclaredOption extends CommanderOption {
  readonly #flag: string;

  constructor(option: Option) {
    super(option.kind === 'switch' ? option.flag : `${option.flag} <${valueName(option)}>`, helpOf(option));
    this.#flag = option.flag;
    if (option.kind === 'switch') return;
    this.argParser((raw: string, before: unknown) => {
      if (before !== undefined) throw new UsageError(`${option.flag} is given twice.`);
      return readValue(option, raw);
    });
  }

  override attributeName(): string {
    return this.#flag;
  }
}

type ValueOption = Exclude<Option, { kind: 'switch' }>;

const valueName = (option: ValueOption) =>
  option.kind === 'text' ? option.value : option.parameter.kind === 'choice' ? 'name' : 'n';

function helpOf(option: Option): string {
  if (option.kind !== 'parameter') return option.help;
  const { parameter } = option;
  const unit = 'unit' in parameter && parameter.unit ? ` (${parameter.unit})` : '';
  const standard = Number.isNaN(parameter.default) ? 'off' : parameter.default;
  const list = option.list ? ' Several with commas make a sweep.' : '';
  const otherwise = parameter.help.includes('Default:') ? '' : `; default ${standard}`;
  return `${parameter.help}${list} Allowed: ${allowedValues(parameter)}${unit}${otherwise}.`;
}

function readValue(option: ValueOption, raw: string): Value {
  if (raw === '' || raw.startsWith('--')) {
    const what = option.kind === 'text' ? option.value : option.parameter.label.toLowerCase();
    throw new UsageError(`${option.flag} needs a value: ${what}.`);
  }
  if (option.kind === 'text') return raw;
  const { parameter } = option;
  if (!option.list || !raw.includes(',')) return checked(parameter, raw);
  const values = raw.split(',').map((one) => checked(parameter, one));
  const twice = values.find((value, index) => values.indexOf(value) < index);
  if (twice !== undefined) throw new UsageError(`${option.flag} has the value ${twice} twice.`);
  return values;
}

function checked(parameter: Parameter, raw: string): string | number {
  try {
    return checkParameter(parameter, parseEntry(parameter, raw));
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}

/** Commander's error in the words of this command line, with its suggestions. */
function usageErrorOf({ code, message }: CommanderError, known: readonly Option[]): UsageError {
  const [given = ''] = /--?[^'\s]*/.exec(message) ?? [];
  const flag = given.split('=')[0];
  const option = known.find((candidate) => candidate.flag === flag);
  if (code === 'commander.optionMissingArgument' && option && option.kind !== 'switch') {
    const what = option.kind === 'text' ? option.value : option.parameter.label.toLowerCase();
    return new UsageError(`${flag} needs a value: ${what}.`);
  }
  if (code !== 'commander.unknownOption') return new UsageError(message.replace(/^error: /, ''));
  if (option)
    return new UsageError(`${flag} takes no value; given: "${given.slice(given.indexOf('=') + 1)}".`);
  const [, near] = /Did you mean (?:one of )?(.*)\?/.exec(message) ?? [];
  const hint = near
    ? `perhaps ${near.replaceAll(', ', ' or ')}`
    : `there are ${known.map((candidate) => candidate.flag).join(', ')}`;
  return new UsageError(`There is no option ${given}; ${hint}.`);
}
