import type { Tokenizer } from '../../model/chat/tokenizer';

const INCOMPLETE = '\uFFFD';

/**
 * The text of one answer as its tokens come: each push returns what is new and certain. Characters whose bytes are not all
 * there wait, and so does what may be the beginning of a stop text.
 */
export class RunningText {
  readonly #tokenizer: Pick<Tokenizer, 'decode'>;
  readonly #stop: readonly string[];
  readonly #tokens: number[] = [];
  /** Tokens from here on are decoded again, so that the first new one has the context that its spaces depend on. */
  #context = 0;
  /** Tokens up to here are in the text already. */
  #read = 0;
  #held = '';
  #stopped = false;

  constructor(tokenizer: Pick<Tokenizer, 'decode'>, stop: readonly string[]) {
    this.#tokenizer = tokenizer;
    this.#stop = stop;
  }

  /** Whether a stop text came: what follows is not part of the answer. */
  get stopped(): boolean {
    return this.#stopped;
  }

  get tokens(): number {
    return this.#tokens.length;
  }

  push(token: number): string {
    if (this.#stopped) return '';
    this.#tokens.push(token);
    const before = this.#tokenizer.decode(this.#tokens.slice(this.#context, this.#read));
    const now = this.#tokenizer.decode(this.#tokens.slice(this.#context));
    if (now.endsWith(INCOMPLETE) || now.length <= before.length) return '';
    this.#context = this.#read;
    this.#read = this.#tokens.length;
    return this.#release(now.slice(before.length));
  }

  /** What is left when no token follows. */
  end(): string {
    if (this.#stopped) return '';
    const before = this.#tokenizer.decode(this.#tokens.slice(this.#context, this.#read));
    const rest = this.#tokenizer.decode(this.#tokens.slice(this.#context)).slice(before.length);
    this.#read = this.#tokens.length;
    const text = this.#release(rest) + (this.#stopped ? '' : this.#held);
    this.#held = '';
    return text;
  }

  #release(text: string): string {
    const all = this.#held + text;
    const found = this.#stop.map((stop) => all.indexOf(stop)).filter((at) => at >= 0);
    if (found.length > 0) {
      this.#stopped = true;
      this.#held = '';
      return all.slice(0, Math.min(...found));
    }
    const kept = Math.max(0, ...this.#stop.map((stop) => overlap(all, stop)));
    this.#held = all.slice(all.length - kept);
    return all.slice(0, all.length - kept);
  }
}

/** Characters at the end of `text` that `stop` may begin with. */
function overlap(text: string, stop: string): number {
  for (let length = Math.min(text.length, stop.length - 1); length > 0; length--) {
    if (text.endsWith(stop.slice(0, length))) return length;
  }
  return 0;
}
