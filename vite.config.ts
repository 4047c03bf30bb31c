import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { developmentHeaders, productionHeaders } from './scripts/headers.ts';
import { revision } from './scripts/revision.ts';

export default defineConfig({
  base: './',
  plugins: [react()],
  define: { __HEADWAY_REVISION__: JSON.stringify(revision()) },
  build: { target: 'es2022', chunkSizeWarningLimit: 1000, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  server: { headers: developmentHeaders },
  preview: { headers: productionHeaders },
});
