import { HeadwayError } from '../core/errors';

/** `fetch`, or what a test gives instead of it. */
export type Fetch = (url: string) => Promise<Response>;

/** Told after every chunk; `totalBytes` is null while the server does not say. */
export type OnBytes = (loadedBytes: number, totalBytes: number | null) => void;

/**
 * A file of a model directory, whole.
 * @throws HeadwayError `model-file-missing` naming the file: not found, unreachable, or a web page in its place, as
 * development servers and static hosts with a fallback answer for every unknown address
 */
export async function readModelFile(
  url: string,
  onBytes: OnBytes = () => {},
  fetchFile: Fetch = fetch,
): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetchFile(url).catch((cause: unknown) => {
    throw new HeadwayError('model-file-missing', `${url} could not be read (${reason(cause)}).`, { cause });
  });
  if (!response.ok || !response.body) {
    throw new HeadwayError(
      'model-file-missing',
      `${url} is missing: the server answered ${response.status}.`,
    );
  }
  const bytes = await collect(response.body, sizeOf(response), onBytes).catch((cause: unknown) => {
    throw new HeadwayError('model-file-missing', `${url} could not be read (${reason(cause)}).`, { cause });
  });
  if (isPage(bytes)) {
    throw new HeadwayError('model-file-missing', `${url} is missing: the server answered with an HTML page.`);
  }
  return bytes;
}

export const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));

/** Bytes to come; unknown when they are packed on the way, since the header then counts the packed ones. */
function sizeOf({ headers }: Response): number | null {
  const length = Number(headers.get('content-length'));
  return length > 0 && !headers.has('content-encoding') ? length : null;
}

async function collect(
  body: ReadableStream<Uint8Array>,
  total: number | null,
  onBytes: OnBytes,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    loaded += chunk.byteLength;
    onBytes(loaded, total);
  }
  const whole = new Uint8Array(loaded);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

const isPage = (bytes: Uint8Array): boolean =>
  new TextDecoder().decode(bytes.subarray(0, 64)).trimStart().startsWith('<');
