import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../core/error-transfer';
import { TWIN } from '../../simulator/twin-answers';

// Simulations keep a thread busy for tens of milliseconds, so they have one of their own.
keepErrorCodes(Comlink.transferHandlers);
Comlink.expose(TWIN);
