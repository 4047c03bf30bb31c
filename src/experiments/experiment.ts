import type { ExperimentRun, ParameterName, PlannedPoint } from '../core/experiment';
import type { LabChecks } from './lab-checks';

/** An experiment before it is run: a file of `presets/`, or made of a grid file. */
export interface Experiment {
  /** As in `--preset`; `grid` for one from a file. */
  readonly name: string;
  readonly title: string;
  /** What it shows, in a sentence or two. */
  readonly says: string;
  /** How long it takes on two cores with WebAssembly and the embedded model; null where nobody knows. */
  readonly minutes: number | null;
  readonly seed: number;
  readonly repeats: number;
  /** What the points differ in: first the x axis, then what makes a line. */
  readonly axes: readonly ParameterName[];
  readonly points: readonly PlannedPoint[];
  /**
   * Further points, from what was measured so far; asked when all points are measured, and none ends it. A function of the
   * run alone, so that it goes on after a reload where it was.
   */
  readonly next?: (run: ExperimentRun) => readonly PlannedPoint[];
  /** What was found, in sentences with figures; of the points that are measured. */
  readonly findings?: (run: ExperimentRun) => readonly string[];
  /** The setting that answers what was asked, once there is one: the page offers to set it. */
  readonly answer?: (run: ExperimentRun) => PlannedPoint | null;
  /** Null while what they compare is not measured. */
  readonly checks?: (run: ExperimentRun) => LabChecks | null;
}
