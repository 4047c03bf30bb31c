import type { ServingRequest } from '../../src/core/request';
import type { Action, Asked, Program } from './programs';
import { World } from './world';

/** Performs a program, then lets time pass until nothing more happens. */
export async function perform({ config, passesAhead, renewals, actions }: Program): Promise<World> {
  const world = new World(config, { passesAhead, renewals });
  for (const action of actions) {
    // Between two passages of time, all happens in one turn.
    if (action.do === 'pass') await world.clock.advance(action.ms);
    else act(world, action);
  }
  await world.clock.run();
  return world;
}

function act(world: World, action: Exclude<Action, { do: 'pass' }>): void {
  const { status } = world.scheduler;
  const submitted = world.submitted.size;
  switch (action.do) {
    case 'submit':
      world.submit(requestOf(submitted, action));
      break;
    case 'cancel':
      world.cancel(submitted - 1 - action.back);
      break;
    case 'mishap':
      world.mishap = action.mishap;
      break;
    case 'configure':
      world.configure(action.changes);
      break;
    case 'lose':
      world.lose();
      break;
    case 'drain':
      if (status === 'ready' || status === 'running') void world.drain();
  }
}

function requestOf(id: number, asked: Asked): ServingRequest {
  const { promptTokens, length, allowance, forced, sequences, priority, seed } = asked;
  return {
    id,
    prompt: [id, ...new Array<number>(promptTokens - 2).fill(5), length],
    maxNewTokens: allowance,
    ignoreEos: forced,
    sequences,
    priority,
    sampling: seed === null ? null : { temperature: 1, topK: 0, topP: 1, seed },
  };
}
