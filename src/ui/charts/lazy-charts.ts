import { lazy } from 'react';

/** The charts' code is the largest part of the page after the runtime; the page stands before it has come. */
export const OperatingChart = lazy(async () => ({
  default: (await import('./operating-chart')).OperatingChart,
}));
export const TimeChart = lazy(async () => ({ default: (await import('./time-chart')).TimeChart }));
export const FillChart = lazy(async () => ({ default: (await import('./fill-chart')).FillChart }));
export const XyChart = lazy(async () => ({ default: (await import('./xy-chart')).XyChart }));
export const CdfChart = lazy(async () => ({ default: (await import('./cdf-chart')).CdfChart }));
