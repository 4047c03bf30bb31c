import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';
import type { Served } from '../../scripts/serve';
import type { NumberParameter } from '../../src/core/parameter';
import { SERVING_PARAMETERS, type ServingConfig } from '../../src/core/serving-config';
import { systemClock } from '../../src/core/system-clock';
import type { Command } from '../command';
import { PAGE_OPTIONS, pageChoice } from '../common-options';
import { given, options, text, type Values } from '../option';
import { sentence } from '../page-error';
import type { PageWindow } from '../page-window';
import { createProgress, type Progress } from '../progress';
import type { Session } from '../session';
import { UsageError } from '../usage-error';
import { apiServer } from './api-server';
import { ServeMetrics } from './serve-metrics';
import { WorkerLine } from './worker-line';

declare const window: PageWindow;

const PORT: NumberParameter = {
  name: 'port',
  flag: '--port',
  label: 'Port',
  kind: 'integer',
  min: 0,
  max: 65_535,
  unit: '',
  default: 8000,
  stops: [],
  help: 'Where to listen; 0 takes any free one.',
};

const LOOPBACK = '127.0.0.1';

/** `serve`: the page's engine behind an OpenAI-compatible address. */
export const serve: Command = {
  says: 'Serves the page’s engine at an OpenAI-compatible address, until SIGINT or SIGTERM.',
  options: [
    text(
      '--host',
      'ADDRESS',
      `Where to listen; any other than ${LOOPBACK} needs --api-key-env. Default: ${LOOPBACK}.`,
    ),
    ...options({ PORT }),
    text('--api-key-env', 'NAME', 'The environment variable with the key that clients have to bring.'),
    ...options(SERVING_PARAMETERS),
    ...PAGE_OPTIONS,
  ],
  async run(values) {
    const address = addressOf(values, process.env);
    const serving = given<ServingConfig>(SERVING_PARAMETERS, values);
    const progress = createProgress();
    // Loaded this late, so that a wrong argument is refused at once.
    const { withPage } = await import('../session');
    await withPage({ ...pageChoice(values), ownSignals: true }, progress, (session) =>
      serveFrom(session, serving, address, progress),
    );
  },
};

interface Address {
  readonly host: string;
  readonly port: number;
  readonly key: string | null;
}

function addressOf(values: Values, environment: NodeJS.ProcessEnv): Address {
  const host = String(values.get('--host') ?? LOOPBACK);
  const name = values.get('--api-key-env');
  const key = typeof name === 'string' ? environment[name] : null;
  if (key === undefined || key === '') {
    throw new UsageError(
      `--api-key-env must name an environment variable that holds the key; given: "${name}", which is not set.`,
    );
  }
  if (!isLoopback(host) && key === null) {
    throw new UsageError(
      `--host ${host} can be reached from other machines, so --api-key-env NAME is needed.`,
    );
  }
  const port = values.get('--port');
  return { host, port: typeof port === 'number' ? port : PORT.default, key };
}

const isLoopback = (host: string) => host === 'localhost' || host === '::1' || /^127(\.\d+){3}$/.test(host);

/** Until a signal has come and what is under way is answered. */
async function serveFrom(
  { page, info, site }: Session,
  serving: Partial<ServingConfig>,
  { host, port, key }: Address,
  progress: Progress,
): Promise<void> {
  await sentence(page.evaluate((changes) => window.headway.configure(changes).then(() => {}), serving));
  const line = await lineTo(site, (url) => sentence(page.evaluate((at) => window.headway.attach(at), url)));
  const stopped = new Stop();
  const app = apiServer({
    line,
    metrics: new ServeMetrics(info.model.name, systemClock.now),
    model: info.model,
    key,
    loopbackOnly: isLoopback(host),
    draining: () => stopped.asked,
  });
  try {
    const url = await app.listen({ host, port });
    process.stdout.write(`${info.model.name} is served at ${url}/v1\n`);
    await stopped.first;
    progress.say(`Answering ${line.underWay} more; a second signal stops at once.`);
    await Promise.race([line.idle(), stopped.second]);
  } catch (error) {
    if (Reflect.get(Object(error), 'code') !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} at ${host} is taken by another program; --port chooses another.`);
  } finally {
    stopped.close();
    await app.close();
  }
}

/** A path that only the page is told, so that no other can pass for its worker. */
async function lineTo(site: Served, attach: (url: string) => Promise<void>): Promise<WorkerLine> {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  const path = `/engine/${randomUUID()}`;
  const connected = new Promise<WorkerLine>((resolve) => {
    site.onUpgrade(path, (request, socket, head) =>
      sockets.handleUpgrade(request, socket, head, (opened) => resolve(new WorkerLine(opened))),
    );
  });
  const { host } = new URL(site.url);
  await attach(`ws://${host}${path}`);
  return connected;
}

/** SIGINT and SIGTERM: the first one drains, the second one stops. */
class Stop {
  readonly first: Promise<void>;
  readonly second: Promise<void>;
  #asked = 0;
  #resolve: (() => void)[] = [];
  readonly #onSignal = () => {
    this.#asked += 1;
    this.#resolve[this.#asked - 1]?.();
  };

  constructor() {
    // Vite's preview server, which serves the page, would end this process at SIGTERM.
    process.removeAllListeners('SIGTERM');
    this.first = new Promise((resolve) => this.#resolve.push(resolve));
    this.second = new Promise((resolve) => this.#resolve.push(resolve));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, this.#onSignal);
  }

  get asked(): boolean {
    return this.#asked > 0;
  }

  close(): void {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, this.#onSignal);
  }
}
