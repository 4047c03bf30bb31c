/**
 * Somebody who is told news now and then, and may be slower than they come: while one is being taken in, there is no
 * next one. So what is drawn is never old, and nothing piles up before a page that is behind.
 */
export class Listener<News> {
  readonly #hear: (news: News) => unknown;
  #busy = false;

  /** @param hear returns a promise while it is busy, as a call to another thread does */
  constructor(hear: (news: News) => unknown) {
    this.#hear = hear;
  }

  /** @param news made when it is wanted */
  tell(news: () => News): void {
    if (this.#busy) return;
    const heard = this.#hear(news());
    if (!(heard instanceof Promise)) return;
    this.#busy = true;
    const free = () => {
      this.#busy = false;
    };
    heard.then(free, free);
  }
}
