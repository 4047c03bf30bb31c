import { allowedValues } from '../src/core/parameter';
import type { Option } from './option';

/** A command's options with what each allows, its default and its effect. @param usage what follows `npm run` */
export function help(usage: string, says: string, options: readonly Option[]): string {
  return [`Usage: npm run ${usage}`, '', says, '', ...options.flatMap(lines), ''].join('\n');
}

function lines(option: Option): readonly string[] {
  if (option.kind === 'switch') return [`  ${option.flag}`, `      ${option.help}`];
  if (option.kind === 'text') return [`  ${option.flag} ${option.value}`, `      ${option.help}`];
  const { parameter } = option;
  const unit = 'unit' in parameter && parameter.unit ? ` (${parameter.unit})` : '';
  const standard = Number.isNaN(parameter.default) ? 'off' : parameter.default;
  return [
    `  ${option.flag}  ${allowedValues(parameter)}${unit}; default ${standard}`,
    `      ${parameter.help}`,
  ];
}
