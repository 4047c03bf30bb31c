import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';

/** What follows each, in turn. */
export const NEXT_SCHEME: Readonly<Record<MantineColorScheme, MantineColorScheme>> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};

/** Changes to the next colour scheme. */
export function useNextColorScheme(): () => void {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return () => setColorScheme(NEXT_SCHEME[colorScheme]);
}
