/**
 * What every answer of the server carries. COOP and COEP make the page cross-origin isolated, without which WASM has no
 * threads. The Content-Security-Policy must be a header: a `<meta>` one does not reach workers. A static host has to
 * send the same (docs).
 */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

const policy = {
  'default-src': "'self'",
  // Compiling WebAssembly, and nothing else that looks like eval.
  'script-src': "'self' 'wasm-unsafe-eval'",
  'worker-src': "'self'",
  'style-src': "'self'",
  'connect-src': "'self'",
  'img-src': "'self' data: blob:",
  'object-src': "'none'",
  'base-uri': "'self'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
};

/** Vite's dev server writes inline scripts and styles and talks over a WebSocket. */
const developmentPolicy = {
  ...policy,
  'script-src': "'self' 'unsafe-inline' 'wasm-unsafe-eval'",
  'style-src': "'self' 'unsafe-inline'",
  'connect-src': "'self' ws:",
};

const written = (directives: Readonly<Record<string, string>>) =>
  Object.entries(directives)
    .map(([name, sources]) => `${name} ${sources}`)
    .join('; ');

export const productionHeaders: Record<string, string> = {
  ...isolation,
  'Content-Security-Policy': written(policy),
};

export const developmentHeaders: Record<string, string> = {
  ...isolation,
  'Content-Security-Policy': written(developmentPolicy),
};
