import { headway } from './headway';

/** A browser that hangs may hold this process after its work is done; it is ended with it. */
const LINGER_MS = 1_000;

process.exitCode = await headway(process.argv.slice(2));
setTimeout(() => process.exit(), LINGER_MS).unref();
