import type { Clock } from '../../src/core/clock';
import type { ServingEvent } from '../../src/core/events';
import { DEFAULT_LOAD_CONFIG, type LoadConfig } from '../../src/core/load-config';
import type { ServingConfig } from '../../src/core/serving-config';
import { RunRecorder } from '../../src/metrics/run-recorder';
import { LoadGenerator } from '../../src/traffic/load-generator';
import { createRng } from '../../src/traffic/rng';
import { request, World, type WorldOptions } from './world';

export interface MeasuredLoad {
  readonly serving: Partial<ServingConfig>;
  readonly load: Partial<LoadConfig>;
  readonly requests: number;
  /** A pass takes this long whatever it holds; each request needs one pass. */
  readonly passMs: number;
  readonly passTime?: NonNullable<WorldOptions['passTime']>;
  /** The time by which the clients go, where it is not the server's. */
  readonly clientClock?: (clock: Clock) => Clock;
}

/** A load through the real generator, scheduler and recorder, in virtual time, until the last request has settled. */
export async function measureLoad(options: MeasuredLoad): Promise<RunRecorder> {
  const { serving, passMs, passTime = (ms) => ms, clientClock = (clock) => clock } = options;
  const config = { ...DEFAULT_LOAD_CONFIG, ...options.load };
  const recorder = new RunRecorder();
  const emit = (event: ServingEvent) => {
    recorder.fold(event);
    if (event.type === 'settled') generator.settled(event.id, event.settlement.outcome, event.at);
  };
  const cost = { passMs, prefillTokenMs: 0, decodeRowMs: 0 };
  const { clock, scheduler } = new World(serving, { cost, passTime, emit });
  let ids = 0;
  const generator = new LoadGenerator({
    clock: clientClock(clock),
    config,
    rng: createRng(config.seed),
    limit: { requests: options.requests },
    next: () => request(ids++, 1, { maxNewTokens: 1 }),
    send: ({ request: asked, scheduled, sent }) => {
      const { id, prompt, sequences } = asked;
      recorder.sent({ id, scheduled, sent, promptTokens: prompt.length, sequences });
      scheduler.submit(asked);
    },
    abandon: (id) => scheduler.cancel(id),
  });
  await clock.run();
  await generator.done;
  return recorder;
}
