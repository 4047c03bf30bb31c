import * as Comlink from 'comlink';
import { keepErrorCodes } from '../../core/error-transfer';
import { openModel } from '../../runtime/open-model';
import { ServingEngine } from './serving-engine';

keepErrorCodes(Comlink.transferHandlers);
Comlink.expose(new ServingEngine(openModel));
