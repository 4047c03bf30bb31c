/** Code revision that the page was built from, put in by vite.config.ts: a short git hash or "unknown". */
declare const __HEADWAY_REVISION__: string;
/** Exact versions of what the page is made with, put in by vite.config.ts. */
declare const __HEADWAY_LIBRARIES__: Readonly<Record<string, string>>;
/** Of package.json, put in by vite.config.ts. */
declare const __HEADWAY_VERSION__: string;
