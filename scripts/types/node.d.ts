import type { MessagePort as NodeMessagePort } from 'node:worker_threads';

declare global {
  /** Node has this class as a value only; the command line reads interfaces in which it stands as a type. */
  interface MessagePort extends NodeMessagePort {}
}
