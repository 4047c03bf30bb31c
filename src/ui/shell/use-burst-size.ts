import { useLocalStorage } from '@mantine/hooks';

export const BURST_SIZES = [10, 50, 100, 500] as const;

/** Requests that a burst sends; remembered by the browser. What it remembers amiss is the third size. */
export function useBurstSize(): readonly [number, (size: number) => void] {
  const [kept, keep] = useLocalStorage<number>({ key: 'headway-burst', defaultValue: BURST_SIZES[2] });
  return [BURST_SIZES.find((size) => size === kept) ?? BURST_SIZES[2], keep];
}
