import type { Parameter } from '../src/core/parameter';

/** One option of a command, in the words of a parameter table where there is one. */
export type Option =
  | {
      readonly kind: 'parameter';
      readonly flag: string;
      readonly parameter: Parameter;
      /** Takes several values, with commas between. */
      readonly list?: true;
    }
  | { readonly kind: 'text'; readonly flag: string; readonly value: string; readonly help: string }
  | { readonly kind: 'switch'; readonly flag: string; readonly help: string };

/** A list only where the option takes one and several values were given. */
export type Value = string | number | true | readonly (string | number)[];

export type Values = ReadonlyMap<string, Value>;

export const text = (flag: string, value: string, help: string): Option => ({
  kind: 'text',
  flag,
  value,
  help,
});

export const flag = (name: string, help: string): Option => ({ kind: 'switch', flag: name, help });

export const options = (table: Readonly<Record<string, Parameter>>): readonly Option[] =>
  Object.values(table).map((parameter) => ({ kind: 'parameter', flag: parameter.flag, parameter }));

/** Options that take several values, with commas between. */
export const lists = (table: Readonly<Record<string, Parameter>>): readonly Option[] =>
  Object.values(table).map((parameter) => ({
    kind: 'parameter',
    flag: parameter.flag,
    parameter,
    list: true,
  }));

/** The values that were given for a table's parameters, under their TypeScript names; lists are left to `givenLists`. */
export function given<Config extends object>(
  table: Readonly<Record<keyof Config & string, Parameter>>,
  values: Values,
): Partial<Config> {
  const found = Object.values<Parameter>(table).filter(
    ({ flag }) => values.has(flag) && !Array.isArray(values.get(flag)),
  );
  return Object.fromEntries(found.map(({ name, flag }) => [name, values.get(flag)])) as Partial<Config>;
}

/** The lists that were given for any of the parameters, in the order of the options, under their TypeScript names. */
export function givenLists(
  table: Readonly<Record<string, Parameter>>,
  values: Values,
): Readonly<Record<string, readonly (string | number)[]>> {
  return Object.fromEntries(
    Object.values(table).flatMap(({ name, flag }) => {
      const value = values.get(flag);
      return typeof value === 'object' ? [[name, value]] : [];
    }),
  );
}
