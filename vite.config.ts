import { execFileSync } from 'node:child_process';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { developmentHeaders, productionHeaders } from './scripts/headers';

/** The commit that the page is built from; it stands in every manifest. */
function revision(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();
  } catch {
    return 'unknown';
  }
}

export default defineConfig({
  base: './',
  plugins: [react()],
  define: { __HEADWAY_REVISION__: JSON.stringify(revision()) },
  build: { target: 'es2022', chunkSizeWarningLimit: 1000, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  server: { headers: developmentHeaders },
  preview: { headers: productionHeaders },
});
