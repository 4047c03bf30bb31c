import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../src/core/error-transfer';
import { Bench } from './bench';

keepErrorCodes(Comlink.transferHandlers);
Comlink.expose(new Bench());
