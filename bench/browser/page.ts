import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../src/core/error-transfer';
import type { Measures, PeerMeasures } from '../measures';

keepErrorCodes(Comlink.transferHandlers);

/** Long-lived: a proxy that is collected takes its calls with it. The peer's worker starts when it is first asked for. */
const measures = Comlink.wrap<Measures>(
  new Worker(new URL('./measuring-worker.ts', import.meta.url), { type: 'module', name: 'measuring' }),
);
let peer: Comlink.Remote<PeerMeasures> | null = null;

Object.defineProperties(globalThis, {
  measures: { value: measures },
  peer: {
    get: () => {
      peer ??= Comlink.wrap<PeerMeasures>(
        new Worker(new URL('./peer-worker.ts', import.meta.url), { type: 'module', name: 'peer' }),
      );
      return peer;
    },
  },
});
