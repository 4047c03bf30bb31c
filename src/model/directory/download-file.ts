import { HeadwayError } from '../../core/errors';
import { formatBytes } from '../../core/format';
import { reason } from '../model-file';
import type { Sink } from './shelf';

export type FetchPart = (url: string, init: RequestInit) => Promise<Response>;

export interface Download {
  readonly url: string;
  /** For messages. */
  readonly label: string;
  /** Of the whole file, as the hub lists it. */
  readonly bytes: number;
  /** Where to stop; the whole file unless said. */
  readonly until?: number;
  readonly sink: Sink;
  readonly fetchFile: FetchPart;
  /** Told after every piece. */
  readonly onBytes?: (there: number) => void;
  /** Told what went wrong and is being mended, as a sentence. */
  readonly onTrouble: (sentence: string) => void;
  /** Before the first further attempt, ms; doubled for each after it. */
  readonly pauseMs?: number;
  /** A connection without a byte for so long counts as broken, ms. */
  readonly silenceMs?: number;
}

/** Attempts in a row that brought nothing. */
const FRUITLESS = 5;

/**
 * Brings a file into its sink, from where that ends on. A connection that breaks is made anew; a server that does not
 * continue files begins again. What arrived stays in the sink whatever happens.
 *
 * The address must always mean the same content (the hub's does with a commit in it), so that two versions never mix.
 * @throws HeadwayError `model-file-missing` where the hub refuses it, `download-stopped`, `storage-failed`,
 * `model-file-damaged` when more comes than is listed
 */
export async function downloadFile(download: Download): Promise<void> {
  const { label, bytes, until = bytes, sink, onTrouble, pauseMs = 1000 } = download;
  let fruitless = 0;
  while (sink.bytes < until) {
    const before = sink.bytes;
    let why = 'the server ended it early';
    try {
      await attempt(download);
    } catch (cause) {
      if (cause instanceof HeadwayError) throw cause;
      why = reason(cause);
    }
    if (sink.bytes >= until) return;
    fruitless = sink.bytes > before ? 1 : fruitless + 1;
    if (fruitless > FRUITLESS) {
      throw new HeadwayError(
        'download-stopped',
        `The connection broke at ${formatBytes(sink.bytes)} of ${formatBytes(bytes)} of ${label} (${why}). What is there is kept: load the model again, and it goes on from there.`,
      );
    }
    const wait = pauseMs * 2 ** (fruitless - 1);
    onTrouble(
      `The connection broke at ${formatBytes(sink.bytes)} (${why}); going on in ${(wait / 1000).toFixed(0)} s.`,
    );
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** One connection, for as long as it lasts. @throws Error where another may do better */
async function attempt(download: Download): Promise<void> {
  const { url, bytes, until = bytes, sink, fetchFile, onBytes, silenceMs = 30_000 } = download;
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listen = () => {
    clearTimeout(timer);
    const quiet = new Error(`nothing came for ${silenceMs / 1000} s`);
    timer = setTimeout(() => silence.abort(quiet), silenceMs);
  };
  listen();
  try {
    // Of the headers that ask for a part this alone needs no leave of another origin, which the hub's CDN does not give.
    const headers: Record<string, string> = sink.bytes > 0 ? { Range: `bytes=${sink.bytes}-` } : {};
    // Kept once, by us.
    const response = await fetchFile(url, { headers, cache: 'no-store', signal: silence.signal });
    const body = bodyOf(response, download);
    for await (const chunk of body as ReadableStream<Uint8Array<ArrayBuffer>>) {
      listen();
      append(chunk, download);
      onBytes?.(sink.bytes);
      if (sink.bytes >= until) return;
    }
  } finally {
    clearTimeout(timer);
  }
}

/** What follows what is there; the sink is empty where a server gives the whole file instead. */
function bodyOf(response: Response, { label, bytes, sink, onTrouble }: Download): ReadableStream {
  const { status, body } = response;
  if (status === 416) sink.clear();
  if ((status >= 400 && status < 500 && status !== 416 && status !== 429 && status !== 408) || !body) {
    throw new HeadwayError(
      'model-file-missing',
      `${label} cannot be downloaded: the hub answered ${status}.`,
    );
  }
  if (status === 200 && sink.bytes > 0) {
    onTrouble(
      `The server does not continue files: the ${formatBytes(sink.bytes)} that were there are fetched again.`,
    );
    sink.clear();
  } else if (status === 206) {
    checkPart(response.headers.get('content-range'), { label, bytes, sink });
  } else if (status !== 200) {
    throw new Error(`the server answered ${status}`);
  }
  return body;
}

/** Servers of other origins need not show this header; then the file's digest has the last word alone. */
function checkPart(range: string | null, { label, bytes, sink }: Pick<Download, 'label' | 'bytes' | 'sink'>) {
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(range ?? '') ?? [];
  if (start === undefined) return;
  if (Number(start) !== sink.bytes) throw new Error(`the server went on at ${start}, not at ${sink.bytes}`);
  if (total !== '*' && Number(total) !== bytes) throw tooLong(label, bytes, `${total} bytes`);
}

function append(chunk: Uint8Array<ArrayBuffer>, { label, bytes, sink }: Download): void {
  if (sink.bytes + chunk.byteLength > bytes) {
    sink.clear();
    throw tooLong(label, bytes, 'more');
  }
  try {
    sink.append(chunk);
  } catch (cause) {
    throw new HeadwayError(
      'storage-failed',
      `${label} could not be stored beyond ${formatBytes(sink.bytes)} of ${formatBytes(bytes)} (${reason(cause)}).`,
      { cause },
    );
  }
}

const tooLong = (label: string, bytes: number, came: string) =>
  new HeadwayError(
    'model-file-damaged',
    `${label} is listed with ${bytes} bytes, but the server has ${came}. Nothing of it was kept.`,
  );
