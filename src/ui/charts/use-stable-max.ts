import { useState } from 'react';
import { niceCeil } from './axis';

/** An axis grows at once and shrinks only when more than half of it is empty, so that it holds still while data moves. */
export function useStableMax(max: number): number {
  const wanted = niceCeil(max);
  const [held, setHeld] = useState(wanted);
  if (wanted <= held && wanted >= held * 0.5) return held;
  if (wanted !== held) setHeld(wanted);
  return wanted;
}
