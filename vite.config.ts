import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import manifest from './package.json' with { type: 'json' };
import { developmentHeaders, productionHeaders } from './scripts/headers.ts';
import { revision } from './scripts/revision.ts';
import { staticPage } from './scripts/static-page.ts';

export default defineConfig({
  base: './',
  plugins: [react(), staticPage(productionHeaders['Content-Security-Policy'] ?? '')],
  define: {
    __HEADWAY_REVISION__: JSON.stringify(revision()),
    __HEADWAY_VERSION__: JSON.stringify(manifest.version),
    __HEADWAY_LIBRARIES__: JSON.stringify(manifest.dependencies),
  },
  build: { target: 'es2022', chunkSizeWarningLimit: 1000, assetsInlineLimit: 0 },
  worker: { format: 'es' },
  // What only the workers and the lazy charts import; found while the page runs, it would reload the page.
  optimizeDeps: {
    include: [
      '@bufbuild/protobuf',
      '@bufbuild/protobuf/codegenv2',
      '@bufbuild/protobuf/wire',
      '@huggingface/jinja',
      '@huggingface/tokenizers',
      'comlink',
      'd3-dsv',
      'd3-random',
      'hdr-histogram-js/dist/Int32Histogram.js',
      'onnxruntime-web/jspi',
      'onnxruntime-web/wasm',
      'onnxruntime-web/webgpu',
      'pure-rand/distribution/uniformFloat64',
      'pure-rand/generator/xoroshiro128plus',
      'recharts',
    ],
  },
  server: { headers: developmentHeaders },
  preview: { headers: productionHeaders },
});
