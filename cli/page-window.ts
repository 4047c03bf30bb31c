import type { HeadwayAutomation, SweepProgress } from '../src/core/commands';

/**
 * All of the page that the command line knows: functions given to `page.evaluate` run over there and see this `window`.
 */
export interface PageWindow {
  readonly headway: HeadwayAutomation;
  readonly headwayProgress: (progress: { done: number; total: number; repeat: number }) => void;
  readonly headwaySweepProgress: (progress: SweepProgress) => void;
}
