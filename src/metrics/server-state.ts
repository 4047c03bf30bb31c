import type { ServingEvent } from '../core/events';
import type { ServerState } from '../core/figures';

export const NEW_SERVER: ServerState = {
  status: 'idle',
  config: null,
  losses: 0,
  lastLoss: null,
  memory: null,
};

/** What the server says of itself. */
export function foldServer(server: ServerState, event: ServingEvent): ServerState {
  if (event.type === 'memory') return { ...server, memory: { buffers: event.buffers, bytes: event.bytes } };
  if (event.type === 'configured') return { ...server, config: event.config };
  if (event.type !== 'status') return server;
  const { status, at } = event;
  if (status !== 'lost') return { ...server, status };
  const lastLoss = { at, reason: event.reason ?? 'The device was lost.' };
  return { ...server, status, losses: server.losses + 1, lastLoss, memory: null };
}
