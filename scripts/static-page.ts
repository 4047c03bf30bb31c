import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Plugin } from 'vite';

/**
 * A page that can be put anywhere: the security policy in its document, for hosts that send none, and the list of its files, from
 * which `service-worker.js` keeps it for the time without a network.
 * @param policy as the header has it
 */
export function staticPage(policy: string): Plugin {
  let outDir = '';
  // A document cannot say who may show it in a frame.
  const own = policy.replace(/;? *frame-ancestors [^;]*/, '');
  return {
    name: 'static-page',
    apply: 'build',
    configResolved: (config) => {
      outDir = join(config.root, config.build.outDir);
      if (config.build.outDir.startsWith('/')) outDir = config.build.outDir;
    },
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: own },
        injectTo: 'head-prepend',
      },
    ],
    closeBundle: () => {
      const files = readdirSync(outDir, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(outDir, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .filter((name) => !['files.json', 'service-worker.js', 'index.html'].includes(name));
      writeFileSync(join(outDir, 'files.json'), JSON.stringify({ files: files.toSorted(), policy: own }));
    },
  };
}
