import { Button, createTheme, localStorageColorSchemeManager } from '@mantine/core';

/** Colours and sizes are CSS variables in `tokens.css`; here is only how Mantine's components behave. */
export const theme = createTheme({
  primaryColor: 'blue',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // The accent is light on dark ground, where white text on it would not be readable.
    Button: Button.extend({
      vars: (_theme, { variant = 'filled' }) => ({
        root: variant === 'filled' ? { '--button-color': 'var(--hw-on-accent)' } : {},
      }),
    }),
    Tooltip: {
      defaultProps: {
        multiline: true,
        // In its place, so that it belongs to a landmark of the page.
        withinPortal: false,
        w: 280,
        withArrow: true,
        transitionProps: { duration: 0 },
        events: { hover: true, focus: true, touch: true },
      },
    },
  },
});

/** The key is also read by `public/color-scheme.js`, before the first paint. */
export const colorSchemeManager = localStorageColorSchemeManager({ key: 'headway-color-scheme' });
