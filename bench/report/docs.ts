const BEGIN = '<!-- benchmark: what npm run bench -- --docs wrote -->';
const END = '<!-- benchmark: end -->';

/** Puts the table in the place of the one before. @throws when the document has no place for it */
export function withBenchmark(document: string, markdown: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The document has no lines "${BEGIN}" and "${END}".`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${markdown.trim()}\n\n${document.slice(end)}`;
}
