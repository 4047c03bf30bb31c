import { type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import classes from './shell.module.css';
import { NEXT_SCHEME, useNextColorScheme } from './use-next-color-scheme';

const WORD: Readonly<Record<MantineColorScheme, string>> = { auto: 'Auto', light: 'Light', dark: 'Dark' };

/** Auto, light, dark, in turn. */
export function ColorSchemeButton() {
  const { colorScheme } = useMantineColorScheme();
  const goToNext = useNextColorScheme();
  return (
    <button
      type="button"
      className={classes.scheme}
      aria-label={`${WORD[colorScheme]} colours; change to ${WORD[NEXT_SCHEME[colorScheme]].toLowerCase()}`}
      onClick={goToNext}
    >
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true" focusable="false">
        <circle cx="8" cy="8" r="6.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        <path d={SHAPE[colorScheme]} fill="currentColor" />
      </svg>
      <span aria-hidden="true">{WORD[colorScheme]}</span>
    </button>
  );
}

/** A half disc for auto, none for light, a whole one for dark. */
const SHAPE: Readonly<Record<MantineColorScheme, string>> = {
  auto: 'M8 3a5 5 0 0 1 0 10z',
  light: '',
  dark: 'M8 3a5 5 0 0 1 0 10a5 5 0 0 1 0-10z',
};
