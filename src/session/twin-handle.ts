import * as Comlink from 'comlink';
import { keepErrorCodes } from '../core/error-transfer';
import type {
  FleetAnswer,
  RaceLane,
  TwinControl,
  TwinCurve,
  TwinPoint,
  TwinQuestion,
} from '../core/twin-control';

keepErrorCodes(Comlink.transferHandlers);

/** The twin's worker, from the page's side: one question after the other. */
export interface TwinHandle {
  curves(question: TwinQuestion): Promise<readonly TwinCurve[]>;
  point(question: TwinQuestion): Promise<TwinPoint | null>;
  replicas(question: TwinQuestion): Promise<FleetAnswer>;
  race(question: TwinQuestion): Promise<readonly RaceLane[]>;
}

/** Starts the worker with its first question. */
export function openTwin(): TwinHandle {
  let remote: Comlink.Remote<TwinControl> | null = null;
  const control = () => {
    remote ??= Comlink.wrap<TwinControl>(
      new Worker(new URL('../engine/twin/twin-worker.ts', import.meta.url), { type: 'module', name: 'twin' }),
    );
    return remote;
  };
  return {
    curves: (question) => control().curves(question),
    point: (question) => control().point(question),
    replicas: (question) => control().replicas(question),
    race: (question) => control().race(question),
  };
}
