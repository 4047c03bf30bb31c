import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type HubFiles = Readonly<Record<string, Buffer>>;

/** A hub on the loopback address, laid out and as sparing with headers as the real one. */
export interface HubServer {
  readonly origin: string;
  /** Every request for a file: its path and the Range header, if any. */
  readonly asked: { readonly path: string; readonly range: string | null }[];
  /** What happens to the connection that gives a file's byte `at`: it breaks there, once, or stands still there. */
  spoil(path: string, at: number, how: 'break' | 'stall'): void;
  close(): Promise<void>;
}

const COMMIT = '0123456789abcdef0123456789abcdef01234567';

/** @param models files of each model, by `owner/name` and path */
export async function serveHub(models: Readonly<Record<string, HubFiles>>): Promise<HubServer> {
  const asked: HubServer['asked'] = [];
  const spoils: { path: string; at: number; how: 'break' | 'stall' }[] = [];

  const list = (name: string) => ({
    sha: COMMIT,
    siblings: Object.entries(models[name] ?? {}).map(([rfilename, content]) => ({
      rfilename,
      size: content.length,
      ...(rfilename.startsWith('onnx/') && {
        lfs: { size: content.length, sha256: createHash('sha256').update(content).digest('hex') },
      }),
    })),
  });

  const give = (
    path: string,
    content: Buffer,
    { headers: { range } }: IncomingMessage,
    to: ServerResponse,
  ) => {
    asked.push({ path, range: range ?? null });
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    to.writeHead(range ? 206 : 200, { 'Content-Length': content.length - start });
    const index = spoils.findIndex((spoil) => spoil.path === path && spoil.at >= start);
    const [spoil] = index < 0 ? [] : spoils.splice(index, 1);
    if (!spoil) to.end(content.subarray(start));
    else
      to.write(content.subarray(start, spoil.at), () => {
        // What was written is on its way first.
        if (spoil.how === 'break') setTimeout(() => to.destroy(), 100);
      });
  };

  const server = createServer((request, response) => {
    response.setHeader('Access-Control-Allow-Origin', '*');
    const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''));
    const [, listed] = /^\/api\/models\/(.+)\/revision\/main$/.exec(path) ?? [];
    const [, kind, name = '', file = ''] =
      /^\/(cdn\/)?([^/]+\/[^/]+)\/resolve\/[0-9a-f]{40}\/(.+)$/.exec(path) ?? [];
    const content = models[name]?.[file];
    // The CDN behind the hub answers no preflight.
    if (request.method !== 'GET') response.writeHead(405).end();
    else if (listed && models[listed]) response.end(JSON.stringify(list(listed)));
    else if (!content) response.writeHead(404).end('Entry not found');
    else if (kind) give(file, content, request, response);
    else response.writeHead(302, { Location: `/cdn${path}` }).end();
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}`,
    asked,
    spoil: (path, at, how) => void spoils.push({ path, at, how }),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
