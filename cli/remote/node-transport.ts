import { constants, createBrotliDecompress, createGunzip, createInflate, type Gunzip } from 'node:zlib';
import { Pool } from 'undici';
import type {
  HttpExchange,
  HttpHandler,
  HttpRequest,
  HttpTransport,
} from '../../src/engine/remote/transport';

/** A connection that is not made by then never will be, ms. */
const CONNECT_MS = 10_000;
/** Less than servers keep an idle connection (uvicorn: 5 s), so that none is closed as a request goes out on it. */
const KEEP_ALIVE_MS = 4_000;

export interface NodeTransportOptions {
  /** `http://host:port`; nothing else is ever spoken to. */
  readonly origin: string;
  /** Whether a self-signed certificate is accepted. */
  readonly insecure: boolean;
  /** ms on the shared clock. */
  readonly now: () => number;
}

/** HTTP/1.1 with as many connections as requests are under way, each kept alive. Redirects are answers like any other. */
export function nodeTransport({ origin, insecure, now }: NodeTransportOptions): HttpTransport {
  const pool = new Pool(origin, {
    connections: null,
    pipelining: 1,
    // Whoever asks has a deadline of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { rejectUnauthorized: !insecure, timeout: CONNECT_MS },
  });
  return {
    send: (request, handler) => exchange(pool, request, handler, now),
    close: () => pool.destroy(),
  };
}

const ABORTED = new Error('aborted');

function exchange(pool: Pool, request: HttpRequest, handler: HttpHandler, now: () => number): HttpExchange {
  let abort: (reason: Error) => void = () => {};
  let over = false;
  let inflate: Gunzip | null = null;
  const fail = (error: Error) => {
    if (over) return;
    over = true;
    handler.onError(phraseOf(error));
  };
  pool.dispatch(
    { method: request.method, path: request.path, headers: request.headers, body: request.body },
    {
      onRequestStart: (controller) => {
        if (over) controller.abort(ABORTED);
        abort = (reason) => controller.abort(reason);
      },
      onResponseStart: (_, status, headers) => {
        if (over || status < 200) return;
        const plain = Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
        );
        inflate = decompressor(plain['content-encoding']);
        inflate?.on('data', (bytes: Buffer) => over || handler.onData(bytes, now()));
        inflate?.on('end', () => end());
        inflate?.on('error', fail);
        handler.onHead(status, plain);
      },
      onResponseData: (_, bytes) => {
        if (over) return;
        if (inflate) inflate.write(bytes);
        else handler.onData(bytes, now());
      },
      onResponseEnd: () => {
        if (inflate) inflate.end();
        else end();
      },
      onResponseError: (_, error) => fail(error),
    },
  );
  function end(): void {
    if (over) return;
    over = true;
    handler.onEnd();
  }
  return {
    abort: () => {
      if (over) return;
      over = true;
      abort(ABORTED);
    },
  };
}

/** Events come one by one, so each must leave the decompressor as it arrives. */
function decompressor(encoding: string | undefined): Gunzip | null {
  const options = { flush: constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip(options);
    case 'deflate':
      return createInflate(options);
    case 'br':
      return createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH });
    default:
      return null;
  }
}

const PHRASES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'the connection was refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'its name is not known',
  UND_ERR_SOCKET: 'the connection was closed',
  UND_ERR_CONNECT_TIMEOUT: 'no connection in time',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed (--insecure takes it)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed (--insecure takes it)',
};

/** Without addresses and headers, which may hold secrets. */
function phraseOf(error: Error): string {
  const code = Reflect.get(error, 'code');
  return (typeof code === 'string' ? PHRASES[code] : undefined) ?? (error.message || error.name);
}
