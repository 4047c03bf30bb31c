/** What the browser says of itself, for advice. */
export interface BrowserFacts {
  readonly userAgent: string;
  /** `isSecureContext` */
  readonly secure: boolean;
  /** Whether there is a `navigator.gpu`. */
  readonly hasGpu: boolean;
  /** Where the page came from: `http://192.168.0.7:4173`. */
  readonly origin: string;
}

export interface WebGpuAdvice {
  /** Why there is no WebGPU here, as a sentence. */
  readonly why: string;
  /** What can be done about it in this browser, a sentence each; the likeliest first. */
  readonly how: readonly string[];
}

type Engine = 'Chromium' | 'Firefox' | 'Safari';
type Platform = 'Android' | 'iOS' | 'macOS' | 'Windows' | 'ChromeOS' | 'Linux';

/**
 * Since which version each engine has WebGPU on by default; null where it has not yet. From the WebGPU working group's
 * list of implementations (github.com/gpuweb/gpuweb/wiki/Implementation-Status, April 2026) and MDN's compatibility data.
 */
const SINCE: Readonly<Record<Engine, Readonly<Record<Platform, number | null>>>> = {
  Chromium: { Android: 121, iOS: null, macOS: 113, Windows: 113, ChromeOS: 113, Linux: 144 },
  Firefox: { Android: null, iOS: null, macOS: 145, Windows: 141, ChromeOS: null, Linux: null },
  Safari: { Android: null, iOS: 26, macOS: 26, Windows: null, ChromeOS: null, Linux: null },
};

const CHROMIUM_LINUX =
  'Chrome on Linux has it for Intel graphics from generation 12 since 144 and for NVIDIA (driver 535.183.01 or newer) since 147. For others start it with --enable-unsafe-webgpu --ozone-platform=x11 --use-angle=vulkan --enable-features=Vulkan,VulkanFromANGLE, with current graphics drivers.';
const CHROMIUM_ACCELERATION =
  'In the browser’s settings, under System, turn on “Use graphics acceleration when available”, and start it anew.';
const CHROMIUM_BLOCKED =
  'chrome://gpu says beside WebGPU whether this graphics card or its driver is blocked. Newer drivers may help; chrome://flags/#ignore-gpu-blocklist overrides it at your own risk.';

/** Of WebGPU alone: a model runs on WebAssembly meanwhile. */
export function webGpuAdvice(facts: BrowserFacts): WebGpuAdvice {
  const browser = browserOf(facts.userAgent);
  if (!facts.secure) return insecure(facts, browser);
  return facts.hasGpu ? noAdapter(browser) : noApi(browser);
}

interface Browser {
  readonly engine: Engine | null;
  /** Major. */
  readonly version: number;
  readonly platform: Platform;
}

function browserOf(userAgent: string): Browser {
  const platform = platformOf(userAgent);
  // Every browser of iOS has the system's engine and calls itself as it likes.
  const iOS = userAgent.match(/OS (\d+)[_\d]* like Mac OS X/);
  if (platform === 'iOS') {
    return {
      engine: 'Safari',
      version: Number(userAgent.match(/Version\/(\d+)/)?.[1] ?? iOS?.[1] ?? 0),
      platform,
    };
  }
  for (const [engine, pattern] of [
    ['Firefox', /Firefox\/(\d+)/],
    ['Chromium', /Chrome\/(\d+)/],
    ['Safari', /Version\/(\d+).*Safari/],
  ] as const) {
    const version = userAgent.match(pattern)?.[1];
    if (version) return { engine, version: Number(version), platform };
  }
  return { engine: null, version: 0, platform };
}

function platformOf(userAgent: string): Platform {
  if (/Android/.test(userAgent)) return 'Android';
  if (/iPhone|iPad|iPod/.test(userAgent)) return 'iOS';
  if (/CrOS/.test(userAgent)) return 'ChromeOS';
  if (/Macintosh/.test(userAgent)) return 'macOS';
  return /Windows/.test(userAgent) ? 'Windows' : 'Linux';
}

function insecure({ origin }: BrowserFacts, { engine }: Browser): WebGpuAdvice {
  const how = [
    'Open the page at http://localhost on the machine that serves it, or serve it over https.',
    ...(engine === 'Chromium'
      ? [
          `Or name ${origin} at chrome://flags/#unsafely-treat-insecure-origin-as-secure, and start the browser anew.`,
        ]
      : []),
  ];
  return { why: `Browsers give WebGPU to secure pages only, and this one came from ${origin}.`, how };
}

function noApi({ engine, version, platform }: Browser): WebGpuAdvice {
  if (engine === null) {
    const how = ['Chrome and Edge since 113, Firefox since 141 on Windows, and Safari since 26 have WebGPU.'];
    return { why: 'This browser has no WebGPU.', how };
  }
  const since = SINCE[engine][platform];
  if (since === null) {
    return { why: `${engine} has no WebGPU on ${platform} yet.`, how: alternatives(engine, platform) };
  }
  if (version < since) {
    const why = `${engine} has WebGPU on ${platform} since version ${since}; this is ${version}.`;
    return { why, how: ['Update the browser.', ...alternatives(engine, platform)] };
  }
  return {
    why: `${engine} ${version} has WebGPU on ${platform}, but not on this machine or not switched on.`,
    how: alternatives(engine, platform),
  };
}

/** Where the browser has the interface, and offers nothing behind it. */
function noAdapter({ engine, platform }: Browser): WebGpuAdvice {
  const why =
    'This browser has WebGPU but offers no adapter: there is no graphics card that it uses, graphics acceleration is off, or the card or its driver is blocked.';
  if (engine !== 'Chromium') return { why, how: alternatives(engine, platform) };
  return { why, how: [CHROMIUM_ACCELERATION, CHROMIUM_BLOCKED, ...alternatives(engine, platform)] };
}

function alternatives(engine: Engine | null, platform: Platform): readonly string[] {
  if (engine === 'Chromium') return CHROMIUM_STEPS[platform] ?? [];
  if (engine === 'Firefox') return FIREFOX_STEPS[platform] ?? [CHROME_INSTEAD];
  return platform === 'iOS' || platform === 'macOS'
    ? [
        'Safari 26 comes with macOS 26, iOS 26 and iPadOS 26.',
        ...(platform === 'macOS' ? [CHROME_INSTEAD] : []),
      ]
    : [CHROME_INSTEAD];
}

const CHROME_INSTEAD = 'Chrome and Edge have WebGPU since 113, on Android since 121.';

const CHROMIUM_STEPS: Partial<Record<Platform, readonly string[]>> = {
  Linux: [CHROMIUM_LINUX],
  Android: [
    'On Android it needs version 12 and Qualcomm, ARM or Intel graphics, or Android 16 for Imagination’s.',
  ],
  Windows: ['On Windows for ARM it has to be enabled at chrome://flags/#enable-unsafe-webgpu.'],
};

const FIREFOX_STEPS: Partial<Record<Platform, readonly string[]>> = {
  Windows: [
    'In Firefox’s settings, under Performance, allow hardware acceleration; about:support says what became of it.',
  ],
  macOS: [
    'On Macs with Apple silicon: since 145 on macOS 26, since 147 on older ones. Not on Intel Macs.',
    CHROME_INSTEAD,
  ],
  Linux: ['Firefox Nightly has it on Linux.', CHROMIUM_LINUX],
};
