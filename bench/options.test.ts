import { expect, test } from 'vitest';
import { parse } from '../cli/parse';
import { BENCH_OPTIONS, benchChoice } from './options';

const choice = (...args: readonly string[]) => benchChoice(parse(BENCH_OPTIONS, args));

test('without options: both backends, all sections, the embedded model', () => {
  expect(choice()).toMatchObject({
    backends: ['wasm', 'webgpu'],
    sections: ['ceilings', 'steps', 'full-copy', 'policies', 'peers'],
    model: 'models/mini-gpt/',
    minutes: { wasm: 5, webgpu: 14 },
    docs: false,
  });
});

test('what is given is taken', () => {
  const { backends, sections, model, minutes, page } = choice(
    '--backend=webgpu',
    '--only=steps,peers',
    '--model=synthetic:gpt2-124m,dtype=f16',
    '--minutes=8',
    '--quick',
  );
  expect(backends).toEqual(['webgpu']);
  expect(sections).toEqual(['steps', 'peers']);
  expect(model).toBe('synthetic:gpt2-124m,dtype=f16');
  expect(minutes.webgpu).toBe(2);
  expect(page('webgpu')).toMatchObject({ backend: 'webgpu', headed: false });
});

test.each([
  ['--adapter=nvidia', 'auto, hardware, software'],
  ['--backend=cuda', 'one of wasm, webgpu, both'],
  ['--only=steps,speed', 'ceilings, steps, full-copy, policies, peers, chunks'],
  ['--minutes=0', 'a number from 0.2 to 240'],
  ['--model=synthetic:gpt9', 'gpt2-124m'],
])('%s is refused with what is allowed', (arg, allowed) => {
  expect(() => choice(arg)).toThrow(allowed);
});
