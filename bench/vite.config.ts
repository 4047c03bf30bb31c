import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { productionHeaders } from '../scripts/headers';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The bench's page: the page's own sources and headers, and transformers.js beside them. */
export default defineConfig({
  root: path('browser'),
  base: './',
  publicDir: path('../public'),
  build: { target: 'es2022', chunkSizeWarningLimit: 2000, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  preview: { headers: productionHeaders },
});
