/**
 * Somebody who is told news now and then, and may be slower than they come: while one is being taken in, there is no
 * next one. So what is drawn is never old, and nothing piles up before a page that is behind.
 */
export class Listener<News> {
  readonly #hear: (news: News) => unknown;
  /** Ends when what was told last has been taken in. */
  #hearing: Promise<void> | null = null;

  /** @param hear returns a promise while it is busy, as a call to another thread does */
  constructor(hear: (news: News) => unknown) {
    this.#hear = hear;
  }

  /** @param news made when it is wanted */
  tell(news: () => News): void {
    if (this.#hearing) return;
    const heard = this.#hear(news());
    if (!(heard instanceof Promise)) return;
    const free = () => {
      this.#hearing = null;
    };
    this.#hearing = heard.then(free, free);
  }

  /** Tells what is new by now, however slow it is. Ends when that has been taken in. */
  async reach(news: () => News): Promise<void> {
    while (this.#hearing) await this.#hearing;
    this.tell(news);
    await this.#hearing;
  }
}
