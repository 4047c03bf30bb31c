const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;

/** A decimal number as people and programs write it. Null for anything else, hexadecimal (0x10) and Infinity included. */
export const decimalOf = (text: string): number | null => (DECIMAL.test(text) ? Number(text) : null);

/** Control characters other than line feed and tab, line separators, and marks that turn the direction of text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/**
 * Text that may come from outside (file names, models, prompts, adapters, errors), safe to print: a terminal would obey
 * escape sequences in it. They become visible, as in JSON: \u001b.
 */
export const printable = (text: string): string => text.replace(UNPRINTABLE, escaped);
