/**
 * One job at a time, in order. onnxruntime-web freezes when two runs overlap on one session and corrupts memory when they
 * overlap on two, so every call of it in a worker goes through one lane. A job that fails fails alone.
 *
 * Between two jobs the worker's event loop gets a turn: WASM runs block the thread and resolve in microtasks, and without
 * the turn no message would ever come in while the queue is not empty.
 */
export class Lane {
  readonly #turn = turnTaker();
  #tail: Promise<void> = Promise.resolve();

  run<Result>(job: () => Promise<Result>): Promise<Result> {
    const result = this.#tail.then(job);
    this.#tail = result.then(this.#turn, this.#turn);
    return result;
  }
}

/** A turn of the event loop in some 10 µs; nested timers would take 4 ms. */
function turnTaker(): () => Promise<void> {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      port2.postMessage(null);
    });
}
