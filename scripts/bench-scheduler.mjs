import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

// The page's workers run bundled code. tsx keeps the names of functions, which costs a quarter to a third of this benchmark's time.
const root = fileURLToPath(new URL('..', import.meta.url));
const outDir = `${root}.cache/bench-scheduler`;
await build({
  root,
  configFile: false,
  publicDir: false,
  logLevel: 'warn',
  build: { ssr: 'scripts/bench-scheduler.ts', outDir, target: 'node20', emptyOutDir: true },
  ssr: { noExternal: true },
});
await import(pathToFileURL(`${outDir}/bench-scheduler.js`).href);
