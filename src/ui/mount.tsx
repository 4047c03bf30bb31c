import './mantine';
import './tokens.css';
import './base.css';
import { MantineProvider } from '@mantine/core';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app';
import { AppContext, type AppHandle } from './app-context';
import { colorSchemeManager, theme } from './theme';

const EmbeddedPart = lazy(async () => ({ default: (await import('./live/embed')).EmbeddedPart }));

/** Puts the page into an element. Mantine writes no <style> element here: its variables are in CSS files. */
export function mount(element: HTMLElement, handle: AppHandle): void {
  createRoot(element).render(
    <StrictMode>
      <MantineProvider
        theme={theme}
        colorSchemeManager={colorSchemeManager}
        defaultColorScheme="auto"
        withCssVariables={false}
        withGlobalClasses={false}
      >
        <AppContext value={handle}>
          {handle.embed === null ? (
            <App />
          ) : (
            <Suspense fallback={null}>
              <EmbeddedPart part={handle.embed} />
            </Suspense>
          )}
        </AppContext>
      </MantineProvider>
    </StrictMode>,
  );
}
