import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { answering, type FakeBrowser, fakeBrowsers, HARDWARE } from '../../testing/fake-browsers';
import { type AdapterCache, cacheKey, fileCache, findHardware } from './choose';
import { launchOptions, type Machine, waysOf } from './ways';

const folder = mkdtempSync(join(tmpdir(), 'headway-choose-'));
const browser = join(folder, 'chromium');
writeFileSync(browser, 'a program');

const SERVER: Machine = { platform: 'linux', env: {}, xvfb: null };
const DESKTOP: Machine = { platform: 'linux', env: { DISPLAY: ':0' }, xvfb: '/usr/bin/Xvfb' };

function memoryCache(): AdapterCache {
  const findings = new Map();
  return {
    get: (key) => findings.get(key),
    set: (key, finding) => void findings.set(key, finding),
    forget: (key) => void findings.delete(key),
  };
}

function search(of: Readonly<Record<string, FakeBrowser>>, machine = SERVER, others?: FakeBrowser) {
  const browsers = fakeBrowsers(of, others);
  const cache = memoryCache();
  const look = (headed = false) =>
    findHardware({ browser, machine, open: browsers.open, cache, say: () => {}, headed });
  return { look, browsers, cache };
}

describe('ways', () => {
  test('on Linux: without flags first, then Vulkan without a window, then what has a display', () => {
    expect(waysOf(SERVER).map(({ how }) => how)).toEqual([
      'headless',
      'headless, Vulkan',
      'headless, Vulkan, blocklist ignored',
      'headless, Vulkan from ANGLE',
      'headless, EGL',
      'headless, Vulkan, no sandbox for the GPU process',
    ]);
    const displays = waysOf(DESKTOP).slice(waysOf(SERVER).length);
    expect(displays.map(({ how, display }) => [how, display])).toEqual([
      ['window, Vulkan', 'window'],
      ['Xvfb, Vulkan', 'xvfb'],
    ]);
  });

  test('none runs the GPU in the process of the browser, which hangs where there is no GPU', () => {
    expect(waysOf(DESKTOP).flatMap(({ flags }) => flags)).not.toContain('--in-process-gpu');
  });

  test('elsewhere: without flags, without and with a window', () => {
    for (const platform of ['darwin', 'win32'] as const) {
      const ways = waysOf({ platform, env: {}, xvfb: null });
      expect(ways.map(({ how }) => how)).toEqual(['headless', 'window']);
    }
  });

  test('Playwright’s headless mode, which switches the GPU off, is never used', () => {
    for (const way of waysOf(DESKTOP)) {
      const { headless, ignoreDefaultArgs, args } = launchOptions(way);
      expect(headless).toBe(false);
      expect(ignoreDefaultArgs).toContain('--disable-gpu');
      expect(args).toContain('--enable-unsafe-webgpu');
      expect(args.includes('--headless=new')).toBe(way.display === 'none');
    }
  });
});

describe('the search for hardware', () => {
  test('ends at the first way that has it, and is not repeated', async () => {
    const { look, browsers } = search({ 'headless, Vulkan': answering(HARDWARE) });
    expect(await look()).toMatchObject({ way: { how: 'headless, Vulkan' }, adapter: 'nvidia hopper' });
    expect(browsers.opened).toEqual(['headless', 'headless, Vulkan']);
    expect(await look()).toMatchObject({ way: { how: 'headless, Vulkan' }, adapter: 'nvidia hopper' });
    expect(browsers.opened).toHaveLength(2);
    expect(browsers.running()).toBe(0);
  });

  test('says of every way why it has none, and keeps that, too', async () => {
    const { look, browsers } = search({
      headless: answering(null),
      'headless, EGL': answering({ ...HARDWARE, fault: 'a compute shader gave wrong numbers' }),
      'headless, Vulkan': { does: 'fail to start', message: 'libvulkan.so.1: no such file\nand more' },
    });
    const { way, why } = (await look()) as { way: null; why: string };
    expect(way).toBeNull();
    expect(why).toContain('WebGPU finds no adapter (headless);');
    expect(why).toContain('libvulkan.so.1: no such file (headless, Vulkan);');
    expect(why).toContain('nvidia hopper: a compute shader gave wrong numbers (headless, EGL)');
    expect(why).toContain('computes on the CPU (headless, Vulkan, blocklist ignored and 2 other ways)');
    await look();
    expect(browsers.opened).toHaveLength(waysOf(SERVER).length);
  });

  test('a browser that does not start without flags is not tried with flags', async () => {
    const { look, browsers } = search({}, SERVER, { does: 'fail to start', message: 'no such program' });
    expect(await look()).toEqual({ way: null, why: 'no such program (headless)' });
    expect(browsers.opened).toEqual(['headless']);
  });

  test('with a window, only windows count, and are remembered apart', async () => {
    const { look, browsers } = search(
      { 'headless, Vulkan': answering(HARDWARE), 'window, Vulkan': answering(HARDWARE) },
      DESKTOP,
    );
    expect(await look(true)).toMatchObject({ way: { how: 'window, Vulkan' } });
    expect(browsers.opened).toEqual(['window, Vulkan']);
    expect(await look()).toMatchObject({ way: { how: 'headless, Vulkan' } });
    const nowhere = search({}, SERVER);
    expect(await nowhere.look(true)).toEqual({ way: null, why: 'there is no display for a window' });
    expect(nowhere.browsers.opened).toEqual([]);
  });
});

describe('what is remembered', () => {
  test('belongs to one browser with one driver', () => {
    const key = cacheKey(browser, SERVER);
    expect(cacheKey(browser, { ...SERVER, env: { HOME: '/elsewhere' } })).toBe(key);
    expect(cacheKey(browser, { ...SERVER, env: { VK_DRIVER_FILES: '/a.json' } })).not.toBe(key);
    expect(cacheKey(browser, DESKTOP)).not.toBe(key);
    utimesSync(browser, 1, 2);
    expect(cacheKey(browser, SERVER)).not.toBe(key);
  });

  test('lies in a file, of which a damaged one is empty', () => {
    const file = join(folder, 'cache', 'adapters.json');
    const cache = fileCache(file);
    const [a, b] = [
      { how: 'headless', says: 'apple' },
      { how: null, says: 'headless: none' },
    ];
    expect(cache.get('a')).toBeUndefined();
    cache.set('a', a);
    cache.set('b', b);
    expect([fileCache(file).get('a'), fileCache(file).get('b')]).toEqual([a, b]);
    cache.forget('a');
    expect([cache.get('a'), cache.get('b')]).toEqual([undefined, b]);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, 9));
    expect(cache.get('b')).toBeUndefined();
  });
});
