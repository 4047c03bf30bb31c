/** One end of a channel within a realm: what is posted arrives in a microtask of its own. */
class LoopbackPort {
  onmessage: ((event: { readonly data: unknown }) => void) | null = null;
  peer: LoopbackPort | null = null;

  postMessage(data: unknown): void {
    queueMicrotask(() => this.peer?.onmessage?.({ data }));
  }

  close(): void {
    this.peer = null;
  }
}

/**
 * A channel whose messages have all arrived when a macrotask begins, so that virtual time can wait for them; a real one
 * promises no such moment.
 */
export function loopback(): readonly [MessagePort, MessagePort] {
  const [one, other] = [new LoopbackPort(), new LoopbackPort()];
  one.peer = other;
  other.peer = one;
  return [one, other] as unknown as [MessagePort, MessagePort];
}
