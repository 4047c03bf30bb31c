import { expect, test } from 'vitest';
import { changeLoadConfig } from '../core/load-config';
import { changeServingConfig } from '../core/serving-config';
import { contradiction } from '../traffic/contradictions';
import { activePreset, LIVE_PRESETS, presetNamed, settingsOf } from './presets';
import { START_SETTINGS } from './settings';

for (const preset of LIVE_PRESETS) {
  test(`${preset.name} is allowed, and is the active one under its own settings alone`, () => {
    const { serving, load, slo } = settingsOf(preset, START_SETTINGS);
    expect(changeServingConfig(START_SETTINGS.serving, serving)).toEqual(serving);
    expect(changeLoadConfig(START_SETTINGS.load, load)).toEqual(load);
    expect(contradiction(serving, load)).toBeNull();
    const settings = { ...START_SETTINGS, serving, load, slo };
    expect(activePreset(settings)).toBe(preset);
    expect(activePreset({ ...settings, load: { ...load, seed: 7 } })).toBe(preset);
    expect(activePreset({ ...settings, serving: { ...serving, maxQueue: 7 } })).toBeNull();
    expect(activePreset({ ...settings, slo: { ...slo, ttftMs: 7 } })).toBeNull();
  });
}

test('a first visit is one of them; a name that there is not is answered with those that there are', () => {
  expect(activePreset(START_SETTINGS)?.name).toBe('gentle');
  expect(() => presetNamed('violent')).toThrow(/"violent"; there are gentle, .*impatient-clients\./);
});
