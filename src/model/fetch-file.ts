import { HeadwayError } from '../core/errors';

/** Told after every chunk; `totalBytes` is null while the server does not say. */
export type OnBytes = (loadedBytes: number, totalBytes: number | null) => void;

/**
 * A file of a model directory, whole.
 * @throws HeadwayError `model-file-missing` naming the file: not found, unreachable, or a web page in its place (single-page
 * servers answer every unknown address with their index.html and status 200)
 */
export async function fetchFile(url: string, onBytes: OnBytes = () => {}): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url).catch((error: unknown) => {
    throw new HeadwayError('model-file-missing', `${url} cannot be reached.`, { cause: error });
  });
  const isPage = response.headers.get('content-type')?.includes('text/html') ?? false;
  if (!response.ok || isPage || !response.body) {
    const why = response.ok ? 'the server sent a web page in its place' : `status ${response.status}`;
    throw new HeadwayError('model-file-missing', `${url} is missing (${why}).`);
  }
  const encoded = response.headers.has('content-encoding');
  const length = Number(response.headers.get('content-length'));
  const total = !encoded && length > 0 ? length : null;
  const chunks: Uint8Array[] = [];
  let loaded = 0;
  for await (const chunk of response.body) {
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

/** @throws HeadwayError `model-file-missing`, or `model-file-damaged` when it is not JSON */
export async function fetchJson(url: string): Promise<unknown> {
  const text = new TextDecoder().decode(await fetchFile(url));
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new HeadwayError('model-file-damaged', `${url} is not valid JSON: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
