import { expect, test } from 'vitest';
import { checkArguments, commandsOf, PAGE_COMMANDS } from './commands';

const refusal = (name: string, ...args: unknown[]) => {
  try {
    checkArguments(PAGE_COMMANDS, name, args);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

test('arguments that a command allows pass, left out ones included', () => {
  expect(refusal('loadModel', {})).toBeNull();
  expect(refusal('loadModel', { model: 'mini-gpt', backend: 'wasm' })).toBeNull();
  expect(refusal('runSweep', 'lab-02')).toBeNull();
  expect(refusal('runSweep', { grid: {} }, undefined, { seed: 1 })).toBeNull();
  expect(refusal('resumeRun', 'a', () => {})).toBeNull();
});

test('a wrong argument is named by its place, with what is allowed', () => {
  expect(refusal('burst', '5')).toBe('burst: argument 1: It must be a number; given: "5".');
  expect(refusal('loadModel', { backend: 'gpu' })).toMatch(
    /^loadModel: argument 1, backend: .*"auto" \| "webgpu" \| "wasm".*"gpu"/,
  );
  expect(refusal('loadModel', { Model: 'x' })).toMatch(/^loadModel: argument 1, Model: .*"Model"/);
  expect(refusal('exportRun')).toBe('exportRun: argument 1: It must be a text; given: undefined.');
  expect(refusal('generate', 'a prompt')).toMatch(/argument 1: It must be a list/);
  expect(refusal('stopLoad', 1)).toBe('stopLoad takes at most 0 arguments; given: 1.');
});

test('every command of a table is made of one function', async () => {
  const commands = commandsOf(PAGE_COMMANDS, async (name, args) => [name, ...args]);
  expect(Object.keys(commands)).toEqual(Object.keys(PAGE_COMMANDS));
  expect(await commands.burst(3)).toEqual(['burst', 3]);
});
