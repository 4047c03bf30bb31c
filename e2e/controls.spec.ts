import type { Page } from '@playwright/test';
import { LOAD_PARAMETERS } from '../src/core/load-config';
import type { ChoiceParameter, Parameter } from '../src/core/parameter';
import { SERVING_PARAMETERS } from '../src/core/serving-config';
import {
  field,
  type Group,
  groupsOf,
  openPaused,
  placeOf,
  pressStop,
  sees,
  settingsFor,
  slider,
  type,
} from './support/controls';
import { configure, expect, test } from './support/headway-test';

type Quantity = Exclude<Parameter, ChoiceParameter>;

const isChoice = (parameter: Parameter): parameter is ChoiceParameter => parameter.kind === 'choice';

const stopsOf = (parameter: Quantity): readonly (number | string)[] =>
  parameter.kind === 'length' ? ['eos', ...parameter.stops] : parameter.stops;

/** Between the last two stops, so that only typing reaches it. */
function betweenStops({ kind, stops }: Quantity): number {
  const middle = ((stops.at(-2) ?? 0) + (stops.at(-1) ?? 0)) / 2;
  return kind === 'number' ? middle : Math.floor(middle);
}

/** Each way for all of them, then one look: what the workers say comes four times a second. */
async function tryQuantities(page: Page, { settings, parameters }: Group<Quantity>): Promise<void> {
  await configure(page, settings);
  // A spike's distance before its length, so that no step on the way contradicts itself.
  const all = parameters.toReversed();
  const expected = (value: (parameter: Quantity) => unknown) =>
    Object.fromEntries(all.map((parameter) => [parameter.name, value(parameter)]));
  for (const { label } of all) {
    await slider(page, label).press('Home');
    await slider(page, label).press('ArrowRight');
  }
  await sees(
    page,
    'by arrow keys',
    expected((parameter) => stopsOf(parameter)[1]),
  );
  for (const parameter of all) {
    await type(page, parameter.label, parameter.unit, String(betweenStops(parameter)));
  }
  await sees(page, 'by typing', expected(betweenStops));
  for (const parameter of all) {
    await pressStop(page, slider(page, parameter.label), stopsOf(parameter).length - 1);
  }
  await sees(
    page,
    'by pointer',
    expected((parameter) => stopsOf(parameter).at(-1)),
  );
}

async function tryChoice(page: Page, parameter: ChoiceParameter): Promise<void> {
  const { label, choices } = parameter;
  const list = page.getByRole('combobox', { name: label, exact: true });
  const isList = (await list.count()) > 0;
  const [first = '', second = ''] = choices;
  await configure(page, { [parameter.name]: first });
  const group = page.getByRole('radiogroup', { name: label, exact: true });
  await (isList ? list : group.getByRole('radio', { name: first, exact: true })).press(
    isList ? 'ArrowDown' : 'ArrowRight',
  );
  await sees(page, `${label} by arrow keys`, { [parameter.name]: second });
  const last = choices.at(-1) ?? '';
  if (isList) await list.selectOption(last);
  else await group.getByText(last, { exact: true }).click();
  await sees(page, `${label} by pointer`, { [parameter.name]: last });
}

test('every parameter of the tables has a control that reaches the workers by keys, by typing and by pointer', async ({
  headway,
}) => {
  // Some hundred changes, each until the workers say it is in force.
  test.setTimeout(300_000);
  const { page } = headway;
  await openPaused(headway);
  const parameters = [...Object.values(SERVING_PARAMETERS), ...Object.values<Parameter>(LOAD_PARAMETERS)];
  // Most lengths of prompts are beyond the embedded model's context; they are typed below.
  const quantities = parameters
    .filter((parameter) => !isChoice(parameter))
    .filter(({ name }) => name !== 'promptTokens');
  for (const group of groupsOf(quantities)) await tryQuantities(page, group);
  for (const choice of parameters.filter(isChoice)) await tryChoice(page, choice);
  await configure(page, settingsFor(LOAD_PARAMETERS.promptTokens));
  await type(page, LOAD_PARAMETERS.promptTokens.label, 'tokens', '16');
  await sees(page, 'a length of prompts', { promptTokens: 16 });
  await type(page, LOAD_PARAMETERS.promptTokens.label, 'tokens', 'dataset');
  await configure(page, settingsFor(SERVING_PARAMETERS.maxBatch));
  const thumb = slider(page, 'Max batch');
  const from = await placeOf(thumb, 3);
  const to = await placeOf(thumb, 1);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(to.x, to.y, { steps: 4 });
  await page.mouse.up();
  await sees(page, 'by dragging', { maxBatch: 2 });
  expect(new URL(page.url()).searchParams.get('max-batch')).toBe('2');

  // What is not allowed, alone or beside another setting, is said at the control, and what was in force stays.
  const entry = field(page, 'Max batch', 'requests');
  await type(page, 'Max batch', 'requests', 'a few');
  await expect(
    page.getByRole('alert').filter({ hasText: 'a whole number from 1 to 256; given: "a few"' }),
  ).toBeVisible();
  await entry.press('Escape');
  await expect(entry).toHaveValue('2');
  await configure(page, { arrival: 'spike', spikeDurationS: 20, spikeEveryS: 60 });
  await slider(page, 'Spike every').press('Home');
  await slider(page, 'Spike every').press('ArrowRight');
  const refusal = page.getByRole('alert').filter({ hasText: 'else no spike ever ends; given: 10.' });
  await expect(refusal).toBeVisible();
  await sees(page, 'what was in force before the refusal', { spikeEveryS: 0 });
  await slider(page, 'Spike lasts').press('Home');
  await expect(refusal).toHaveCount(0);
});
