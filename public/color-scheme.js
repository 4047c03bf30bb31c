// Sets the colour scheme before the first paint, so that a dark page never flashes white. The page's own script takes
// over from here; the key is that of Mantine's colour scheme manager.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem('headway-color-scheme');
  } catch {
    // Storage may be forbidden; the system's scheme is used then.
  }
  const dark = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const scheme = chosen === 'light' || chosen === 'dark' ? chosen : dark;
  document.documentElement.setAttribute('data-mantine-color-scheme', scheme);
})();
