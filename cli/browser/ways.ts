import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { browserArguments } from '../../scripts/browser';

/** One set of launch flags by which Chromium may reach a GPU. */
export interface Way {
  /** Names it in reports and in the cache. */
  readonly how: string;
  /** Where the browser draws. */
  readonly display: 'none' | 'window' | 'xvfb';
  readonly flags: readonly string[];
}

/** What the choice of ways depends on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Path of the Xvfb program; null where it is not installed. */
  readonly xvfb: string | null;
}

const ASK_FOR_WEBGPU = '--enable-unsafe-webgpu';
const IGNORE_BLOCKLIST = '--ignore-gpu-blocklist';
/** Chrome's own recipe for servers with a GPU and no display. */
const VULKAN = ['--use-angle=vulkan', '--enable-features=Vulkan', '--disable-vulkan-surface'];

/** No flags beside the new headless mode: this shows whether the browser works at all. */
export const PLAIN: Way = { how: 'headless', display: 'none', flags: [] };

/**
 * Dawn finds GPUs on macOS and Windows without flags. On Linux it needs Vulkan, and some drivers need one of the variants.
 * `--in-process-gpu` is not among them: it hangs where there is no GPU.
 */
const LINUX_HEADLESS: readonly Way[] = [
  { how: 'headless, Vulkan', flags: VULKAN },
  { how: 'headless, Vulkan, blocklist ignored', flags: [...VULKAN, IGNORE_BLOCKLIST] },
  {
    how: 'headless, Vulkan from ANGLE',
    flags: [
      '--use-angle=vulkan',
      '--enable-features=Vulkan,VulkanFromANGLE,DefaultANGLEVulkan',
      '--disable-vulkan-surface',
      IGNORE_BLOCKLIST,
    ],
  },
  {
    how: 'headless, EGL',
    flags: ['--use-gl=angle', '--use-angle=gl-egl', '--enable-features=Vulkan', IGNORE_BLOCKLIST],
  },
  {
    how: 'headless, Vulkan, no sandbox for the GPU process',
    flags: [...VULKAN, IGNORE_BLOCKLIST, '--no-zygote', '--disable-gpu-sandbox'],
  },
].map((way) => ({ ...way, display: 'none' as const }));

const LINUX_DISPLAY_FLAGS = ['--use-angle=vulkan', '--enable-features=Vulkan', IGNORE_BLOCKLIST];

/** The ways that this machine allows, in the order in which they are tried. */
export function waysOf({ platform, env, xvfb }: Machine): readonly Way[] {
  if (platform !== 'linux') return [PLAIN, { how: 'window', display: 'window', flags: [] }];
  const display: Way[] = [];
  if (env.DISPLAY || env.WAYLAND_DISPLAY) {
    display.push({ how: 'window, Vulkan', display: 'window', flags: LINUX_DISPLAY_FLAGS });
  }
  if (xvfb) display.push({ how: 'Xvfb, Vulkan', display: 'xvfb', flags: LINUX_DISPLAY_FLAGS });
  return [PLAIN, ...LINUX_HEADLESS, ...display];
}

export function thisMachine(): Machine {
  const { platform, env } = process;
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  const xvfb = folders.map((folder) => join(folder, 'Xvfb')).find((path) => existsSync(path));
  return { platform, env, xvfb: platform === 'linux' ? (xvfb ?? null) : null };
}

/** For Playwright's `launch`. Its own headless flags switch the GPU off, so the new headless mode is asked for by hand. */
export function launchOptions(way: Way) {
  const headless = way.display === 'none' ? ['--headless=new', '--hide-scrollbars', '--mute-audio'] : [];
  return {
    headless: false,
    ignoreDefaultArgs: ['--disable-gpu'],
    args: [...browserArguments(), ...headless, ASK_FOR_WEBGPU, ...way.flags],
  };
}
