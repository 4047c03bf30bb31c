import { type ErrorCode, fromPlain, HeadwayError, toPlain } from './errors';

/**
 * Comlink carries a thrown error as message, name and stack only. This keeps the code of ours too, and turns anything
 * else into a HeadwayError `worker-failed`, so that both ends of every worker border throw and catch the one shape.
 *
 * Each realm calls it once, before its first `expose` or `wrap`: `keepErrorCodes(Comlink.transferHandlers)`.
 * It is given the registry because `core/` imports nothing. The wire shape stays Comlink's own, with `code` added, so
 * an end that did not call it still gets the code, on a plain Error.
 */
export function keepErrorCodes(registry: TransferHandlerRegistry): void {
  const comlinks = registry.get('throw');
  if (!comlinks) {
    throw new HeadwayError(
      'invalid-state',
      'Comlink has no transfer handler named "throw"; is it another version?',
    );
  }
  registry.set('throw', {
    canHandle: comlinks.canHandle,
    serialize: (thrown) => {
      const { value } = thrown as { readonly value: unknown };
      const plain = toPlain(value, 'worker-failed');
      const stack = value instanceof Error ? value.stack : undefined;
      const name = 'HeadwayError';
      return [{ isError: true, value: { ...plain, name, stack } } satisfies WireError, []];
    },
    deserialize: (wire) => {
      const { code, message, stack } = (wire as WireError).value;
      const error = fromPlain({ code: code ?? 'worker-failed', message });
      if (stack) error.stack = stack;
      throw error;
    },
  });
}

interface WireError {
  readonly isError: true;
  readonly value: {
    readonly code?: ErrorCode;
    readonly name: string;
    readonly message: string;
    readonly stack: string | undefined;
  };
}

/** The part of `Comlink.transferHandlers` that is used. */
interface TransferHandlerRegistry {
  get(name: 'throw'): { canHandle(value: unknown): value is unknown } | undefined;
  set(name: 'throw', handler: TransferHandler): unknown;
}

interface TransferHandler {
  canHandle(value: unknown): value is unknown;
  serialize(value: unknown): [unknown, never[]];
  deserialize(value: unknown): unknown;
}
