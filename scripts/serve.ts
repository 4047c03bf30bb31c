import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type Plugin, preview } from 'vite';
import { ROOT } from './build';
import { headersFor } from './headers';
import { type Hub, hubOf } from './hub';

export interface Served {
  /** Ends in "/". */
  readonly url: string;
  readonly port: number;
  /** Takes WebSockets at this path, which no other server has. */
  onUpgrade(path: string, take: (request: IncomingMessage, socket: Duplex, head: Buffer) => void): void;
  close(): Promise<void>;
}

/**
 * Serves dist/ with the production headers, to this machine alone.
 * @param port where to start looking for a free one; 0 = whichever the system gives
 * @param hub that the page downloads models from
 */
export async function serve(port: number, hub: Hub = hubOf()): Promise<Served> {
  const headers = headersFor(hub);
  const server = await preview({
    root: ROOT,
    // Otherwise a missing model file is answered with the page itself and 200.
    appType: 'mpa',
    logLevel: 'error',
    plugins: [tellsHub(hub)],
    preview: { host: 'localhost', port, strictPort: port === 0, open: false, headers },
  });
  // Vite gives its headers to files alone, not to what it refuses before or after it looks for one.
  server.httpServer.prependListener('request', (_, response) => {
    response.setHeaders(new Map(Object.entries(headers)));
  });
  const url = server.resolvedUrls?.local[0];
  if (!url) throw new Error('The preview server gave no address.');
  return {
    url,
    port: Number(new URL(url).port),
    onUpgrade: (path, take) => {
      server.httpServer.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
        if (request.url === path) take(request, socket, head);
      });
    },
    close: () => server.close(),
  };
}

/** The page's own `hub.json` is the one of the build; this server may have another. */
const tellsHub = (hub: Hub): Plugin => ({
  name: 'hub',
  configurePreviewServer: ({ middlewares }) => {
    middlewares.use('/hub.json', (_, response) => {
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(hub));
    });
  },
});
