import { HeadwayError } from '../core/errors';

/** Does `use` while nobody else does. @throws HeadwayError `invalid-state` where somebody does */
export type Alone = <Result>(use: () => Promise<Result>) => Promise<Result>;

/**
 * Among the tabs of this page: two that measure at once would spoil each other's figures, and what they keep. The lock goes
 * with its tab. Browsers without locks let tabs do as they like.
 */
export const aloneAmongTabs: Alone = async (use) => {
  if (!('locks' in navigator)) return use();
  return navigator.locks.request('headway-experiment', { ifAvailable: true }, (lock) => {
    if (lock) return use();
    throw new HeadwayError(
      'invalid-state',
      'Another tab of this page is measuring an experiment; wait for its end, or pause it there.',
    );
  });
};
