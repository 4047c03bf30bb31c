/**
 * What a static host without headers cannot do for the page: cross-origin isolation, without which WebAssembly has no threads;
 * the security policy on worker scripts, which a <meta> element does not reach; and the page without a network. `files.json` is
 * written by the build: every file of it, and the policy.
 */
const CACHE = 'headway';
const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
};
/** Fetched by the page when it knows which of them it needs, and kept then. */
const LARGE = /\.wasm$/;

const SCOPE = self.registration.scope;
/** Of the build whose files are kept; read again after the browser has ended the worker in between. */
let built = null;

async function build() {
  built ??= await (await (await caches.open(CACHE)).match('files.json'))?.json();
  return built ?? { files: [], policy: '' };
}

self.addEventListener('install', (event) => event.waitUntil(keepAll()));
self.addEventListener('activate', (event) => event.waitUntil(forgetOld()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const isOwn = request.method === 'GET' && request.url.startsWith(SCOPE);
  if (isOwn && !request.headers.has('Range')) event.respondWith(answer(request));
});

async function keepAll() {
  const cache = await caches.open(CACHE);
  const response = await fetch('files.json', { cache: 'no-cache' });
  await cache.put('files.json', response.clone());
  const { files } = await response.json();
  const kept = new Set((await cache.keys()).map(({ url }) => url));
  // A name with a hash in it never changes its content.
  const isKept = (name) => name.startsWith('assets/') && kept.has(new URL(name, SCOPE).href);
  await cache.addAll(['./', ...files].filter((name) => !LARGE.test(name) && !isKept(name)));
  await self.skipWaiting();
}

/** Files of former builds. */
async function forgetOld() {
  const cache = await caches.open(CACHE);
  const { files } = await build();
  const wanted = new Set(['./', 'files.json', ...files].map((name) => new URL(name, SCOPE).href));
  const old = (await cache.keys()).filter(({ url }) => !wanted.has(url));
  await Promise.all(old.map((request) => cache.delete(request)));
  await self.clients.claim();
}

/** Names with a hash from what is kept; everything else as the host has it now, or as it was kept. */
async function answer(request) {
  const cache = await caches.open(CACHE);
  const { files, policy } = await build();
  const name = request.mode === 'navigate' ? './' : request.url.slice(SCOPE.length).replace(/[?#].*/, '');
  const kept = () => cache.match(new URL(name, SCOPE));
  const response = (name.startsWith('assets/') && (await kept())) || (await fetched(request, kept));
  if (response.type === 'basic' && response.status === 200 && files.includes(name)) {
    await cache.put(new URL(name, SCOPE), response.clone());
  }
  return withHeaders(response, policy);
}

async function fetched(request, kept) {
  try {
    return await fetch(request);
  } catch (error) {
    const response = await kept();
    if (response) return response;
    throw error;
  }
}

/** The host's own headers stand; what is missing is added. */
function withHeaders(response, policy) {
  if (response.type === 'opaque' || response.status === 0 || response.redirected) return response;
  const headers = new Headers(response.headers);
  const missing = { ...ISOLATION, ...(policy === '' ? {} : { 'Content-Security-Policy': policy }) };
  for (const [name, value] of Object.entries(missing)) if (!headers.has(name)) headers.set(name, value);
  const { status, statusText } = response;
  return new Response(status === 204 || status === 304 ? null : response.body, {
    status,
    statusText,
    headers,
  });
}
