import { expect, test } from 'vitest';
import type { HardwareSearch } from './browser/choose';
import { PLAIN } from './browser/ways';
import { type LaunchChoice, planLaunch } from './launch';

const FOUND: HardwareSearch = { way: PLAIN, adapter: 'nvidia hopper' };
const NONE: HardwareSearch = { way: null, why: 'headless: google swiftshader computes on the CPU' };

async function plan(choice: Partial<LaunchChoice>, found: HardwareSearch) {
  const said: string[] = [];
  let searches = 0;
  const search = async () => {
    searches += 1;
    return found;
  };
  const full = { backend: 'auto', adapter: 'auto', headed: false, ...choice } as const;
  return { ...(await planLaunch(full, search, (line) => said.push(line))), said: said.join(), searches };
}

test('hardware that is found is used, and nothing need be said', async () => {
  for (const choice of [{}, { backend: 'webgpu' }, { adapter: 'hardware' }] as const) {
    expect(await plan(choice, FOUND)).toEqual({ backend: 'webgpu', start: PLAIN, said: '', searches: 1 });
  }
});

test('without hardware, what computes in its place is said, with the reasons', async () => {
  const auto = await plan({}, NONE);
  expect(auto).toMatchObject({ backend: 'wasm', start: 'no WebGPU' });
  const forced = await plan({ backend: 'webgpu' }, NONE);
  expect(forced).toMatchObject({ backend: 'webgpu', start: 'software' });
  expect(auto.said).toContain('WASM computes');
  expect(forced.said).toContain('the software adapter computes');
  for (const { said } of [auto, forced]) {
    expect(said).toContain('headless: google swiftshader computes on the CPU');
    expect(said).toContain('doctor');
  }
});

test('hardware that is asked for and not there is an error with the reasons', async () => {
  await expect(plan({ adapter: 'hardware' }, NONE)).rejects.toThrow(
    /--adapter hardware: no hardware adapter was found \(headless: google swiftshader/,
  );
});

test('hardware is not looked for when WASM or the software adapter is asked for', async () => {
  expect(await plan({ backend: 'wasm' }, FOUND)).toMatchObject({ start: 'no WebGPU', searches: 0 });
  expect(await plan({ adapter: 'software' }, FOUND)).toMatchObject({
    backend: 'webgpu',
    start: 'software',
    searches: 0,
  });
});
