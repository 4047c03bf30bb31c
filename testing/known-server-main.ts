import { KnownServer } from './known-server';

/** The server of known truth in a process of its own: its options as JSON come as the first argument, its address goes out. */
const server = await KnownServer.start(JSON.parse(process.argv[2] ?? '{}'));
console.log(`known at ${server.url}`);
process.once('SIGTERM', () => void server.close().then(() => process.exit(0)));
