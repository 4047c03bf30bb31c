import { expect, test } from 'vitest';
import { webGpuAdvice } from './webgpu-advice';

const AGENTS = {
  chromeLinux:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36',
  oldChrome:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/110.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0',
  android:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36',
  firefoxLinux: 'Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0',
  firefoxMac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:144.0) Gecko/20100101 Firefox/144.0',
  safari:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  chromeOfIos:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/150.0 Mobile/15E148 Safari/604.1',
} as const;

const advice = (agent: keyof typeof AGENTS, facts: { secure?: boolean; hasGpu?: boolean } = {}) =>
  webGpuAdvice({
    userAgent: AGENTS[agent],
    secure: true,
    hasGpu: false,
    origin: 'http://192.168.0.7:4173',
    ...facts,
  });

test('an insecure address comes before everything else, with what this browser can do about it', () => {
  const { why, how } = advice('chromeLinux', { secure: false });
  expect(why).toContain('http://192.168.0.7:4173');
  expect(how.join(' ')).toMatch(/http:\/\/localhost.*https.*unsafely-treat-insecure-origin-as-secure/);
  expect(advice('firefoxLinux', { secure: false }).how.join(' ')).not.toContain('chrome://');
});

test('a browser that is too old is told the version that it needs, and which it has', () => {
  expect(advice('oldChrome').why).toMatch(/since version 113; this is 110/);
  expect(advice('firefoxMac').why).toMatch(/Firefox.*macOS since version 145; this is 144/);
  expect(advice('safari').why).toMatch(/Safari.*since version 26; this is 18/);
});

test('on iOS every browser has the system’s engine', () => {
  expect(advice('chromeOfIos').why).toMatch(/Safari has WebGPU on iOS since version 26; this is 18/);
  expect(advice('chromeOfIos').how.join(' ')).not.toContain('chrome://');
});

test('Linux is told of the cards that have it, and of the switches for the others', () => {
  expect(advice('chromeLinux').how.join(' ')).toMatch(
    /generation 12 since 144.*NVIDIA.*--enable-unsafe-webgpu/,
  );
  expect(advice('firefoxLinux').why).toMatch(/Firefox has no WebGPU on Linux yet/);
  expect(advice('firefoxLinux').how.join(' ')).toContain('Nightly');
});

test('a browser with WebGPU and without an adapter is asked for its acceleration and its list of blocked cards', () => {
  const { why, how } = advice('edge', { hasGpu: true });
  expect(why).toContain('offers no adapter');
  expect(how[0]).toContain('graphics acceleration');
  expect(how[1]).toContain('chrome://gpu');
  expect(advice('android', { hasGpu: true }).how.join(' ')).toContain('Qualcomm');
});

test('an unknown browser is told of those that have it', () => {
  const { how } = webGpuAdvice({ userAgent: 'Lynx', secure: true, hasGpu: false, origin: '' });
  expect(how.join(' ')).toMatch(/Chrome.*113.*Firefox.*141.*Safari.*26/);
});
