import { HeadwayError } from '../core/errors';

/** Prompts of a file, and how it was read. */
export interface DataSet {
  readonly name: string;
  readonly format: 'JSON lines' | 'ShareGPT' | 'plain text';
  readonly texts: readonly string[];
}

/** More would fill the memory of a page long before they were sent. */
const MOST_TEXTS = 200_000;

/**
 * A data set from the text of a file: JSON lines as `generate` reads them (`{"prompt"}` a line, or `{"text"}`), the JSON
 * list of ShareGPT (the first thing that a human says in each conversation), or plain text, a prompt a line.
 * @throws HeadwayError `invalid-request` with the line or place and what is wrong with it
 */
export function readDataSet(name: string, content: string): DataSet {
  const text = content.replace(/^\uFEFF/, '');
  const start = text.trimStart();
  const format = start.startsWith('[') ? 'ShareGPT' : start.startsWith('{') ? 'JSON lines' : 'plain text';
  const texts = READERS[format](text, name);
  if (texts.length === 0) throw wrong(`${name} has no prompt.`);
  if (texts.length > MOST_TEXTS) {
    throw wrong(`${name} must have at most ${MOST_TEXTS} prompts; it has ${texts.length}.`);
  }
  return { name, format, texts };
}

const wrong = (message: string) => new HeadwayError('invalid-request', message);

const lines = (text: string) =>
  text.split(/\r?\n/).flatMap((line, index) => (line.trim() === '' ? [] : [{ line, number: index + 1 }]));

const READERS: Readonly<Record<DataSet['format'], (text: string, name: string) => readonly string[]>> = {
  'plain text': (text) => lines(text).map(({ line }) => line.trim()),
  'JSON lines': (text, name) =>
    lines(text).map(({ line, number }) => {
      const where = `${name}, line ${number}`;
      const { prompt, text: other } = fieldsOf(parsed(line, where));
      const found = prompt ?? other;
      if (typeof found === 'string' && found !== '') return found;
      throw wrong(`${where}: "prompt" must be a text that is not empty; the line is ${line.slice(0, 80)}`);
    }),
  ShareGPT: (text, name) => {
    const list = parsed(text, name);
    if (!Array.isArray(list)) throw wrong(`${name} is not a list.`);
    return list.flatMap((entry, index) => firstHuman(entry, `${name}, entry ${index + 1}`));
  },
};

/** Conversations that a human does not begin or end are common there, and left out where no human says anything. */
function firstHuman(entry: unknown, where: string): readonly string[] {
  const { conversations } = fieldsOf(entry);
  if (!Array.isArray(conversations)) throw wrong(`${where} has no list of "conversations".`);
  const turn = conversations.map(fieldsOf).find(({ from, role }) => HUMANS.includes(from ?? role));
  const said = turn?.value ?? turn?.content;
  return typeof said === 'string' && said.trim() !== '' ? [said] : [];
}

const HUMANS: readonly unknown[] = ['human', 'user'];

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong(`${where} is not JSON: ${text.trim().slice(0, 80)}`);
  }
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
