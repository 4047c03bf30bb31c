import { useTwinState } from '../app-context';
import classes from './twin.module.css';

export const signed = (share: number) => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(0)} %`;

/** How far the twin is off under the setting in force, and what it rests on. */
export function TwinChip() {
  const { calibration, source, error } = useTwinState();
  if (!calibration) return null;
  const from = { live: 'live steps', kept: 'an earlier visit', shipped: 'another machine' }[source];
  const fit = `${calibration.steps.toLocaleString('en')} steps of ${from}; a single step is off by ${(calibration.residual_p50 * 100).toFixed(0)} % (median), ${(calibration.residual_p95 * 100).toFixed(0)} % (p95)`;
  return (
    <span className={classes.chip} title={`Fitted to ${fit}.`}>
      {error ? `twin: p95 ${signed(error.p95)}, throughput ${signed(error.throughput)}` : `twin: ${from}`}
    </span>
  );
}
