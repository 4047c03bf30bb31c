import { HeadwayError } from '../../core/errors';
import { reason } from '../model-file';

/** The hub that models are downloaded from. Its one place is `public/hub.json`, which the server's policy is made of too. */
export interface Hub {
  /** Without a slash at its end. */
  readonly origin: string;
}

/** @param home the page's own URL, ending in "/" */
export async function hubAt(home: string): Promise<Hub> {
  const url = `${home}hub.json`;
  try {
    const { origin } = await (await fetch(url)).json();
    return { origin: new URL(origin).origin };
  } catch (cause) {
    const sentence = `${url} does not say which hub models come from (${reason(cause)}).`;
    throw new HeadwayError('model-file-missing', sentence, { cause });
  }
}
