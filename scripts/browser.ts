import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const RECORD = fileURLToPath(new URL('../node_modules/.headway/browser.json', import.meta.url));

/** @returns the browser that `scripts/setup.mjs --browser` found @throws when it has not been run */
export function browserPath(): string {
  const path: unknown = existsSync(RECORD) && JSON.parse(readFileSync(RECORD, 'utf8')).path;
  if (typeof path === 'string' && existsSync(path)) return path;
  throw new Error(
    'No browser is set up. Run "node scripts/setup.mjs --browser", or set CHROMIUM_PATH for it.',
  );
}

/** Chromium refuses its sandbox to root, and should not phone home from a test or a measurement. */
export function browserArguments(): string[] {
  const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
  const unsandboxed = process.getuid?.() === 0 || process.env.CI ? ['--no-sandbox'] : [];
  return [...unsandboxed, ...quiet];
}

/**
 * Chromium's software adapter, SwiftShader, whatever hardware there is. By default Dawn has it zero a workgroup's memory as
 * one constant, which it unrolls: most of the time of compiling went there, and a third of the time of running. Dawn's own
 * loops, which it uses now, zero it all the same.
 */
export const softwareArguments = (): string[] => [
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--disable-dawn-features=use_vulkan_zero_initialize_workgroup_memory_extension',
];
