import { createTheme, localStorageColorSchemeManager } from '@mantine/core';

/** Colours and sizes are CSS variables in `tokens.css`; here is only how Mantine's components behave. */
export const theme = createTheme({
  primaryColor: 'blue',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Tooltip: {
      defaultProps: {
        multiline: true,
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
