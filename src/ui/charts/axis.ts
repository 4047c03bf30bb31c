import { useState } from 'react';

const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];

/** The next round number at or above `value`, for an axis that does not twitch with every sample. */
export function niceCeil(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = STEPS.find((candidate) => candidate * power >= value * (1 - 1e-9)) ?? 10;
  return Number((step * power).toPrecision(6));
}

/** The next of 1, 2, 5, 10 at or below, for the lower end of a logarithmic axis. */
export function floorStep(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return Number((power * ([5, 2, 1].find((step) => step * power <= value * (1 + 1e-9)) ?? 1)).toPrecision(6));
}

/** Ticks from 0 to `max`, four to six of them. */
export function ticksTo(max: number): readonly number[] {
  const rough = max / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step =
    ([1, 2, 2.5, 5, 10].find((candidate) => candidate * power >= rough * (1 - 1e-9)) ?? 10) * power;
  const count = Math.floor(max / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(12)));
}

/** Ticks 1, 10, 100, … that lie in the domain, with 2 and 5 between where there are few decades. */
export function logTicks(min: number, max: number): readonly number[] {
  const decades = Math.log10(max / min);
  const steps = decades > 3 ? [1] : decades > 1.5 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10) {
    for (const step of steps) {
      const tick = Number((step * power).toPrecision(6));
      if (tick >= min * (1 - 1e-9) && tick <= max * (1 + 1e-9)) ticks.push(tick);
    }
  }
  return ticks;
}

/** What all charts share. Colours are CSS variables, so that a change of scheme needs no new render. */
export const AXIS = {
  stroke: 'var(--hw-line-strong)',
  tick: { fill: 'var(--hw-muted)', fontSize: 11 },
  tickLine: { stroke: 'var(--hw-line-strong)' },
} as const;

export const GRID_STROKE = 'var(--hw-grid)';

/** An axis grows at once and shrinks only when more than half of it is empty, so that it holds still while data moves. */
export function useStableMax(max: number): number {
  const wanted = niceCeil(max);
  const [held, setHeld] = useState(wanted);
  if (wanted <= held && wanted >= held * 0.5) return held;
  if (wanted !== held) setHeld(wanted);
  return wanted;
}
