import { printable } from '../src/core/text';

/** Progress on standard error: one line that is rewritten on a terminal, a line every few seconds in a log. */
const LOG_EVERY_MS = 5_000;

export interface Progress {
  show(line: string): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  let open = false;
  let logged = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (open) stream.write('\r\x1b[K');
    open = false;
  };
  return {
    show(line) {
      if (stream.isTTY) {
        stream.write(`\r\x1b[K${printable(line).slice(0, (stream.columns ?? 80) - 1)}`);
        open = true;
      } else if (performance.now() - logged >= LOG_EVERY_MS) {
        logged = performance.now();
        stream.write(`${printable(line)}\n`);
      }
    },
    say(line) {
      clear();
      stream.write(`${printable(line)}\n`);
    },
    end: clear,
  };
}
