/**
 * HTTP as the remote engine needs it. The host implements it (Node: `cli/remote/node-transport.ts`), so that this room
 * imports no platform. A transport follows no redirect and hands over the body decompressed.
 */
export interface HttpTransport {
  /** Sends at once, on a connection of its own or one kept alive. The handler's calls come in order, the last is `onEnd` or `onError`. */
  send(request: HttpRequest, handler: HttpHandler): HttpExchange;
  /** Closes all connections. */
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Below the target's origin, with its leading slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface HttpHandler {
  /** @param headers names in lower case */
  onHead(status: number, headers: Readonly<Record<string, string>>): void;
  /** @param at ms on the shared clock, when the bytes arrived */
  onData(bytes: Uint8Array, at: number): void;
  onEnd(): void;
  /** The connection was refused, reset or closed in the middle of an answer. @param message a phrase without the address */
  onError(message: string): void;
}

export interface HttpExchange {
  /** Closes the connection. No call of the handler follows. */
  abort(): void;
}

/** A whole answer, for the few requests that are not streamed. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an answer that is read as a whole may have: a list of models or the text of `/metrics`. */
const LARGEST_ANSWER = 4 * 1024 * 1024;

/** @throws Error with the transport's phrase, or when the answer is too large or takes longer than `timeoutMs` */
export function readWhole(
  transport: HttpTransport,
  request: HttpRequest,
  timeout: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const decoder = new TextDecoder();
    let head = { status: 0, headers: {} as Readonly<Record<string, string>> };
    let body = '';
    const exchange = transport.send(request, {
      onHead: (status, headers) => {
        head = { status, headers };
      },
      onData: (bytes) => {
        body += decoder.decode(bytes, { stream: true });
        if (body.length <= LARGEST_ANSWER) return;
        exchange.abort();
        reject(new Error(`the answer has more than ${LARGEST_ANSWER} characters`));
      },
      onEnd: () => resolve({ ...head, body: body + decoder.decode() }),
      onError: (message) => reject(new Error(message)),
    });
    timeout.addEventListener('abort', () => {
      exchange.abort();
      reject(new Error('no answer in time'));
    });
  });
}
