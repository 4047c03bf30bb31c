import { useEffect, useRef, useState } from 'react';

/** The latest value, but at most once in `everyMs` and not at all while `hold`: for lists that a person reads. */
export function useHeld<T>(value: T, everyMs: number, hold: boolean): T {
  const [held, setHeld] = useState(value);
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    if (hold) return;
    const timer = setInterval(() => setHeld(latest.current), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, hold]);
  return held;
}
