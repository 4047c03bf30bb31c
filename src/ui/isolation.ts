/** Set while the page is loaded again for its isolation, so that a browser that refuses it does not loop. */
const KEY = 'headway-isolating';

/**
 * On a host that sends no headers the service worker adds those of cross-origin isolation, without which WebAssembly has no
 * threads: it is installed, and the page loaded once more.
 * @returns true where the page is about to be loaded again, so that nothing else needs to begin
 */
export async function becomeIsolated(): Promise<boolean> {
  const isAlone = window === window.top;
  if (crossOriginIsolated || !isAlone || !canInstall() || !markAttempt()) return false;
  try {
    await navigator.serviceWorker.register('service-worker.js');
    await navigator.serviceWorker.ready;
  } catch {
    // Without the worker the page runs on one thread, which its adapter's name says.
    return false;
  }
  location.reload();
  return true;
}

/** Keeps the page for the time without a network; later than the model, since it reads every file of the page. */
export function keepOffline(): void {
  if (canInstall()) navigator.serviceWorker.register('service-worker.js').catch(() => {});
}

const canInstall = () => import.meta.env.PROD && isSecureContext && 'serviceWorker' in navigator;

/** Whether this is the first attempt in this tab. */
function markAttempt(): boolean {
  try {
    if (sessionStorage.getItem(KEY) !== null) return false;
    sessionStorage.setItem(KEY, 'yes');
    return true;
  } catch {
    return false;
  }
}
