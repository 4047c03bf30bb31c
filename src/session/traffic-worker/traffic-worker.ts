import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../core/error-transfer';
import { TrafficSession } from './traffic-session';
import { createUnclampedClock } from './unclamped-clock';

const UPDATE_MS = 250;
const SLOTS_MS = 125;

keepErrorCodes(Comlink.transferHandlers);
const session = new TrafficSession(createUnclampedClock());
setInterval(() => session.update(), UPDATE_MS);
setInterval(() => session.tellSlots(), SLOTS_MS);
Comlink.expose(session);
