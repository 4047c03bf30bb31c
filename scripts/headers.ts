/** Cross-origin isolation gives the WASM backend its threads; dev, preview and static hosting need it alike. */
const isolation = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

/** The dev server's hot reload needs inline scripts and a WebSocket, so only isolation is set there. */
export const developmentHeaders: Record<string, string> = { ...isolation };

/** A policy must be a header: one in a `<meta>` does not reach the workers. */
export const productionHeaders: Record<string, string> = {
  ...isolation,
  'Content-Security-Policy': [
    "default-src 'self'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};
