import * as Comlink from 'comlink';
import { afterAll, expect, test } from 'vitest';
import { keepErrorCodes } from './error-transfer';
import { HeadwayError } from './errors';

keepErrorCodes(Comlink.transferHandlers);

const { port1, port2 } = new MessageChannel();
Comlink.expose(
  {
    ours: () => {
      throw new HeadwayError('prompt-too-long', 'Prompt "a" has 99 tokens; the context allows 63.');
    },
    foreign: () => {
      throw new TypeError('x is not a function');
    },
    odd: () => {
      throw 'just a string';
    },
  },
  port1 as unknown as Comlink.Endpoint,
);
const remote = Comlink.wrap<{ ours(): void; foreign(): void; odd(): void }>(
  port2 as unknown as Comlink.Endpoint,
);
afterAll(() => {
  port1.close();
  port2.close();
});

test('a HeadwayError crosses with its class, code and sentence', async () => {
  const error = await remote.ours().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(HeadwayError);
  expect(error).toMatchObject({
    code: 'prompt-too-long',
    message: 'Prompt "a" has 99 tokens; the context allows 63.',
  });
});

test('any other error becomes worker-failed with its message', async () => {
  await expect(remote.foreign()).rejects.toMatchObject({
    code: 'worker-failed',
    message: 'x is not a function',
  });
  await expect(remote.odd()).rejects.toMatchObject({ code: 'worker-failed', message: 'just a string' });
});
