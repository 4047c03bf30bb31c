import type { HeadwayAutomation, SweepProgress } from '../src/core/commands';

/**
 * The part of the page that the command line uses: functions given to `page.evaluate` run in the page and see this `window`.
 */
export interface PageWindow {
  readonly headway: HeadwayAutomation;
  readonly headwayProgress: (progress: { done: number; total: number; repeat: number }) => void;
  readonly headwaySweepProgress: (progress: SweepProgress) => void;
}
