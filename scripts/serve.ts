import { preview } from 'vite';
import { ROOT } from './build';

export interface Served {
  /** Ends in "/". */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves dist/ with the production headers, to this machine alone.
 * @param port where to start looking for a free one; 0 = whichever the system gives
 */
export async function serve(port: number): Promise<Served> {
  const server = await preview({
    root: ROOT,
    // Otherwise a missing model file is answered with the page itself and 200.
    appType: 'mpa',
    logLevel: 'error',
    preview: { host: 'localhost', port, strictPort: port === 0, open: false },
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server gave no address.');
  return { url, port: Number(new URL(url).port), close: () => server.close() };
}
