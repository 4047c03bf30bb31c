import type { Locator, Page } from '@playwright/test';
import {
  ARRIVAL_USES,
  ARRIVALS,
  type ArrivalConfig,
  DEFAULT_LOAD_CONFIG,
  type LoadConfig,
} from '../../src/core/load-config';
import type { Parameter } from '../../src/core/parameter';
import { DEFAULT_SERVING_CONFIG, type ServingConfig } from '../../src/core/serving-config';
import { expect, type Headway, snapshot } from './headway-test';

export type AllSettings = ServingConfig & LoadConfig;

const BASE: AllSettings = {
  ...DEFAULT_SERVING_CONFIG,
  ...DEFAULT_LOAD_CONFIG,
  policy: 'static',
  arrival: 'closed',
  temperature: 1,
  urgentShare: 0.5,
  abandonShare: 0.5,
};

/** What has an effect only beside another setting, or would contradict one of its own kind. */
const BESIDE: { readonly [Name in keyof AllSettings]?: Partial<AllSettings> } = {
  maxPrefillTokensPerStep: { policy: 'continuous' },
  maxBatchTokens: { maxBatch: 16 },
  traceToS: { arrival: 'trace', timeScale: 2 },
};

/** Parameters that have an effect together, with the settings under which they have it. */
export interface Group<Kind extends Parameter> {
  readonly settings: Partial<AllSettings>;
  readonly parameters: readonly Kind[];
}

export function groupsOf<Kind extends Parameter>(parameters: readonly Kind[]): readonly Group<Kind>[] {
  const keyOf = (parameter: Parameter) => JSON.stringify(settingsFor(parameter));
  return [...new Set(parameters.map(keyOf))].map((key) => ({
    settings: JSON.parse(key),
    parameters: parameters.filter((parameter) => keyOf(parameter) === key),
  }));
}

/** Settings under which a parameter has an effect. */
export function settingsFor({ name }: Parameter): Partial<AllSettings> {
  const arrival = ARRIVALS.find((one) => ARRIVAL_USES[one].includes(name as keyof ArrivalConfig));
  const settings = { ...BASE, ...(arrival ? { arrival } : {}), ...BESIDE[name as keyof AllSettings] };
  // A rate beside a closed loop is refused.
  const { rate: _, ...closed } = settings;
  return settings.arrival === 'closed' ? closed : settings;
}

/** What the two workers say they do. */
export async function inForce(page: Page): Promise<Partial<AllSettings>> {
  const seen = await snapshot(page);
  const clients = seen?.clients;
  return { ...seen?.server.config, ...(clients && 'config' in clients ? clients.config : {}) };
}

export const slider = (page: Page, label: string) => page.getByRole('slider', { name: label, exact: true });

export const field = (page: Page, label: string, unit: string) =>
  page.getByRole('textbox', { name: unit ? `${label} (${unit})` : label, exact: true });

/** Where a stop stands on the page, after the slider has come into view. */
export function placeOf(thumb: Locator, stop: number): Promise<{ readonly x: number; readonly y: number }> {
  return thumb.evaluate((element, index) => {
    element.scrollIntoView({ block: 'center' });
    const root = element.closest('.mantine-Slider-root');
    const track = root?.querySelector('.mantine-Slider-trackContainer')?.getBoundingClientRect();
    const mark = root?.querySelectorAll('.mantine-Slider-mark')[index]?.getBoundingClientRect();
    if (!track || !mark) throw new Error(`There is no stop ${index}.`);
    return { x: mark.x + mark.width / 2, y: track.y + track.height / 2 };
  }, stop);
}

/** A press of the pointer on the track, where a stop stands. */
export async function pressStop(page: Page, thumb: Locator, stop: number): Promise<void> {
  const { x, y } = await placeOf(thumb, stop);
  await page.mouse.click(x, y);
}

/** Types into the field beside a slider. */
export async function type(page: Page, label: string, unit: string, text: string): Promise<void> {
  const entry = field(page, label, unit);
  await entry.fill(text);
  await entry.press('Enter');
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });

/** Looks often: what the workers say comes four times a second. */
export const soon = <Value>(read: () => Promise<Value>, message = '') =>
  expect.poll(read, { message, intervals: [100] });

/** All that is wrong is said, not the first alone. */
const softly = expect.configure({ soft: true, timeout: 5000 });

/** The workers say that these are in force. */
export const sees = (page: Page, how: string, settings: Partial<AllSettings>) =>
  softly.poll(() => inForce(page), { message: how, intervals: [100] }).toMatchObject(settings);

/** Pictures that stand still most of the time leave the machine to those who press buttons. */
export const calm = (page: Page) => page.emulateMedia({ reducedMotion: 'reduce' });

/** Opens the page with clients that are there and send nothing: what they and the server are told costs no time. */
export async function openPaused(headway: Headway): Promise<void> {
  await calm(headway.page);
  await headway.ready({ backend: 'wasm' });
  await headway.page.evaluate(async () => {
    await window.headway.startLoad();
    await window.headway.pauseLoad();
  });
  const folded = headway.page.locator('summary', { hasText: 'More' });
  await folded.first().press('Enter');
  await folded.last().click();
}
