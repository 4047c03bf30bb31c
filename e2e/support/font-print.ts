import type { Page } from '@playwright/test';

/** Draws the page in letters that browsers on Linux have, and that are the same on most machines. */
export const useFonts = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const { style } = document.documentElement;
    style.setProperty('--hw-font', '"DejaVu Sans"');
    style.setProperty('--hw-mono', '"DejaVu Sans Mono"');
  });

/** A number of the pixels of a few letters: the same only where fonts and the way they are drawn are the same. */
export const fontPrint = (page: Page): Promise<string> =>
  page.evaluate(() => {
    const canvas = document.createElement('canvas');
    canvas.width = 600;
    canvas.height = 90;
    const context = canvas.getContext('2d');
    if (!context) throw new Error('The browser draws on no canvas.');
    for (const [line, font] of ['"DejaVu Sans"', 'bold 24px "DejaVu Sans"', '"DejaVu Sans Mono"'].entries()) {
      context.font = font.includes('px') ? font : `13px ${font}`;
      context.fillText('Throughput 0123456789 req/s, p95 (ms) → Ωµ', 4, 24 + 28 * line);
    }
    let print = 2166136261;
    for (const value of context.getImageData(0, 0, canvas.width, canvas.height).data) {
      print = Math.imul(print ^ value, 16777619) >>> 0;
    }
    return print.toString(16);
  });
