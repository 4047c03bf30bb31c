import { expect, test } from 'vitest';
import { waysOf } from '../cli/browser/ways';
import { answering, type FakeBrowser, fakeBrowsers, HARDWARE } from '../testing/fake-browsers';
import { planGpuTests } from './gpu-projects';

const SERVER = waysOf({ platform: 'linux', env: {}, xvfb: null });
const DESKTOP = waysOf({ platform: 'linux', env: { DISPLAY: ':0' }, xvfb: null });

const plan = (of: Readonly<Record<string, FakeBrowser>>, ways = SERVER, others?: FakeBrowser) =>
  planGpuTests(ways, fakeBrowsers(of, others).open, { eachMs: 20, allMs: 60, abreast: 1 });

test('a server’s GPU is tested without a window; why not with one is said', async () => {
  const { projects, skipped } = await plan({ 'headless, Vulkan': answering(HARDWARE) });
  expect(projects).toMatchObject([{ name: 'gpu-headless', way: { how: 'headless, Vulkan' } }]);
  expect(skipped).toEqual(['gpu-headed: no hardware adapter (there is no display and no Xvfb)']);
});

test('a desktop’s is tested with a window, too', async () => {
  const of = { 'headless, Vulkan': answering(HARDWARE), 'window, Vulkan': answering(HARDWARE) };
  const { projects, skipped } = await plan(of, DESKTOP);
  expect(projects.map(({ name, way }) => [name, way.how])).toEqual([
    ['gpu-headless', 'headless, Vulkan'],
    ['gpu-headed', 'window, Vulkan'],
  ]);
  expect(skipped).toEqual([]);
});

test('software adapters, none, a browser that hangs or does not start: nothing is run, with the reasons', async () => {
  const software = await plan({}, DESKTOP);
  expect(software.projects).toEqual([]);
  expect(software.skipped.join()).toContain('google swiftshader computes on the CPU');
  const hangs = await plan({}, SERVER, { does: 'hang at its start' });
  expect(hangs.projects).toEqual([]);
  expect(hangs.skipped[0]).toContain('the browser did not start within 20 ms (headless)');
  const broken = await plan({}, SERVER, { does: 'fail to start', message: 'no such file' });
  expect(broken.skipped[0]).toBe('gpu-headless: no hardware adapter (no such file (headless))');
});
