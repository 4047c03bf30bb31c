import { type Hub, hubOf } from './hub.ts';

/**
 * What every answer of the server carries. COOP and COEP make the page cross-origin isolated, without which WASM has no
 * threads. A static host that sends none of them is helped by the page's service worker (docs/hosting.md).
 */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

const policyFor = ({ origin, downloads }: Hub) => ({
  'default-src': "'self'",
  // Compiling WebAssembly, and nothing else that looks like eval.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'style-src': "'self'",
  // Itself, and where models of the hub are downloaded from.
  'connect-src': ["'self'", origin, ...downloads].join(' '),
  'img-src': "'self' data: blob:",
  'object-src': "'none'",
  'base-uri': "'self'",
  'form-action': "'none'",
  // Parts of the page are made to be shown in other pages (`?embed=`).
  'frame-ancestors': '*',
});

/** Vite's dev server writes inline scripts and styles and talks over a WebSocket. */
const developmentPolicy = {
  ...policyFor(hubOf()),
  'script-src': "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': `${policyFor(hubOf())['connect-src']} ws:`,
};

const written = (directives: Readonly<Record<string, string>>) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

export const headersFor = (hub: Hub): Record<string, string> => ({
  ...isolation,
  'Content-Security-Policy': written(policyFor(hub)),
});

export const productionHeaders = headersFor(hubOf());

export const developmentHeaders: Record<string, string> = {
  ...isolation,
  'Content-Security-Policy': written(developmentPolicy),
};
