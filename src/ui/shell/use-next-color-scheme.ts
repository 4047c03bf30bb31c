import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';

/** What follows each, in turn. */
export const NEXT_SCHEME: Readonly<Record<MantineColorScheme, MantineColorScheme>> = {
  auto: 'light',
  light: 'dark',
  dark: 'auto',
};

/** Changes to the next colour scheme. */
export function useNextColorScheme(): () => void {
  // To hold them back for the change, Mantine would write a <style> element, which the security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return () => setColorScheme(NEXT_SCHEME[colorScheme]);
}
