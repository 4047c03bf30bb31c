import { parseArgs } from 'node:util';
import { HeadwayError } from '../src/core/errors';
import { checkParameter } from '../src/core/parameter';
import { parseEntry } from '../src/core/parse-entry';
import type { Option, Values } from './option';
import { UsageError } from './usage-error';

/**
 * Reads a command's arguments; every value is checked before a browser starts.
 * @returns values by flag, dashes included; only what was given
 * @throws UsageError for an option that there is not, a missing value, or a value that is not allowed
 */
export function parse(known: readonly Option[], args: readonly string[]): Values {
  const byFlag = new Map(known.map((option) => [option.flag, option]));
  // Not strict: its errors name neither the allowed values nor the options that were perhaps meant.
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      known.map(({ kind, flag }) => [flag.slice(2), { type: kind === 'switch' ? 'boolean' : 'string' }]),
    ),
  });
  const values = new Map<string, string | number | true>();
  for (const token of tokens) {
    if (token.kind !== 'option') {
      const what = token.kind === 'positional' ? token.value : '--';
      throw new UsageError(`"${what}" stands alone; every value belongs to an option, as in --max-batch 8.`);
    }
    const option = byFlag.get(token.rawName);
    if (!option) throw unknown(token.rawName, [...byFlag.keys()]);
    if (values.has(option.flag)) throw new UsageError(`${option.flag} is given twice.`);
    values.set(option.flag, readValue(option, token.value, token.inlineValue === true));
  }
  return values;
}

function readValue(option: Option, value: string | undefined, inline: boolean): string | number | true {
  if (option.kind === 'switch') {
    if (value === undefined) return true;
    throw new UsageError(`${option.flag} takes no value; given: "${value}".`);
  }
  if (value === undefined || value === '' || (!inline && value.startsWith('--'))) {
    throw new UsageError(`${option.flag} needs a value: ${describe(option)}.`);
  }
  if (option.kind === 'text') return value;
  try {
    return checkParameter(option.parameter, parseEntry(option.parameter, value));
  } catch (error) {
    throw error instanceof HeadwayError ? new UsageError(error.message) : error;
  }
}

const describe = (option: Exclude<Option, { kind: 'switch' }>) =>
  option.kind === 'text' ? option.value : option.parameter.label.toLowerCase();

function unknown(name: string, flags: readonly string[]): UsageError {
  const near = flags.filter((flag) => distance(flag, name) <= Math.max(2, name.length / 4));
  const hint = near.length > 0 ? `perhaps ${near.join(' or ')}` : `there are ${flags.join(', ')}`;
  return new UsageError(`There is no option ${name}; ${hint}.`);
}

/** Edits (insert, delete, replace) that make `b` of `a`. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
