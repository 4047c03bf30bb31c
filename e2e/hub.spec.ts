import type { Page } from '@playwright/test';
import { type Served, serve } from '../scripts/serve';
import { formatBytes } from '../src/core/format';
import { violations } from './support/axe';
import { listen } from './support/complaints';
import { exportedModel } from './support/exported-model';
import { expect, rejection, test } from './support/headway-test';
import { type HubServer, serveHub } from './support/hub-server';
import { pickModel } from './support/picked-model';

const NAME = 'headway/mini-gpt';
const DATA = 'onnx/model.onnx_data';
const PROMPT = [{ id: 'a', prompt: 'She go to school every day.', max_new_tokens: 16 }];

const said = (page: Page) =>
  page.evaluate(async (prompts) => (await window.headway.generate(prompts))[0]?.text, PROMPT);

let hub: HubServer;
let served: Served;
const files = exportedModel();
const sizeOf = (path: string) => files[path]?.length ?? 0;
const whole = sizeOf('onnx/model.onnx') + sizeOf(DATA);
test.use({ actionTimeout: 10_000 });
test.beforeAll(async () => {
  const bert = { architectures: ['BertForMaskedLM'], model_type: 'bert' };
  hub = await serveHub({
    [NAME]: files,
    'headway/other': { 'config.json': Buffer.from(JSON.stringify(bert)), 'model.safetensors': Buffer.of(1) },
  });
  served = await serve(0, { origin: hub.origin, downloads: [] });
});
test.afterAll(async () => {
  await served.close();
  await hub.close();
});

test('a model of the hub: what is missing, a full storage, a broken connection, a cancelled download gone on with, no network', async ({
  page,
}) => {
  const complaints = listen(page);
  complaints.expect(/ERR_INCOMPLETE_CHUNKED|ERR_CONTENT_LENGTH_MISMATCH|ERR_CONNECTION/);
  const open = async (query = '') => {
    await page.goto(`${served.url}?autostart=off&backend=wasm${query}`);
    await page.waitForFunction(() => 'headway' in window);
  };
  const ready = () => page.evaluate(() => window.headway.ready);
  const rail = page.getByRole('complementary', { name: 'Settings' });
  await open();
  await ready();
  const expected = await said(page);

  await rail.getByRole('combobox', { name: 'Model' }).selectOption('hub');
  const name = rail.getByRole('textbox', { name: 'Name on the hub' });
  await name.fill('headway/other');
  await name.press('Enter');
  await expect(rail.getByRole('alert')).toContainText('It lacks tokenizer.json, tokenizer_config.json.');
  await expect(rail.getByRole('alert')).toContainText('It has no .onnx file');
  await expect(rail.getByRole('alert')).toContainText('BertForMaskedLM (model_type bert)');

  await name.fill(NAME);
  await name.press('Enter');
  const file = rail.getByRole('combobox', { name: 'File' });
  await expect(file).toContainText(`onnx/model.onnx · ${formatBytes(whole)} · 32-bit`);
  expect(await violations(page)).toEqual([]);

  const load = rail.getByRole('button', { name: 'Download and load' });
  const refusedByFullStorage = async () => {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Storage.overrideQuotaForOrigin', {
      origin: new URL(page.url()).origin,
      quotaSize: 1,
    });
    await load.click();
    await expect(rail.getByRole('alert')).toContainText(
      /could not be stored .*make room on the disk, and load it again/,
    );
    await devtools.detach();
  };
  await refusedByFullStorage();

  hub.spoil(DATA, 1_000_000, 'break');
  hub.spoil(DATA, 2_500_000, 'stall');
  await load.focus();
  await load.press('Enter');
  const there = formatBytes(sizeOf('onnx/model.onnx') + 2_500_000);
  await expect(rail.getByText(`${there} of ${formatBytes(whole)}`)).toBeVisible();
  await page.getByRole('button', { name: 'Cancel loading', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText(`hub:${NAME} was not loaded`);
  await expect(page.getByText('loading it again goes on from there')).toBeVisible();
  const ranges = () => hub.asked.filter(({ path }) => path === DATA).map(({ range }) => range);
  expect(ranges()).toEqual([null, 'bytes=1000000-']);
  await rail.getByText('Kept in this browser: 1 model').click();
  await expect(rail.getByText(`${DATA} not whole: 2.5 MB of ${formatBytes(sizeOf(DATA))}`)).toBeVisible();
  await refusedByFullStorage();

  await open(`&model=hub:${NAME}`);
  const info = await ready();
  expect(info.model).toMatchObject({ name: `hub:${NAME}`, contextLength: 128, vocabularySize: 1024 });
  expect(info.note).toContain('It brings no prompts.json: the load sends 40 short prompts');
  expect(ranges().at(-1)).toBe('bytes=2500000-');
  expect(await said(page)).toBe(expected);
  const asked = hub.asked.length;

  await hub.close();
  await open(`&model=hub:${NAME}`);
  await ready();
  expect(await said(page)).toBe(expected);
  expect(hub.asked.length).toBe(asked);
  await rail.getByText('Kept in this browser: 1 model').click();
  await rail.getByRole('button', { name: `Delete hub:${NAME} from this browser` }).click();
  await expect(rail.getByText('Kept in this browser')).toBeHidden();
  expect(await rejection(page.evaluate(() => window.headway.loadModel({})))).toContain('Is there a network?');
  await expect(page.getByText('Is there a network?').first()).toBeVisible();
  expect(complaints.unexpected()).toEqual([]);
});

test('any load can be cancelled, and a directory can be picked from disk', async ({ headway }) => {
  const { page } = headway;
  await page.route('**/models/mini-gpt/onnx/model.onnx', () => {});
  await headway.open({ backend: 'wasm' });
  const cancelled = rejection(page.evaluate(() => window.headway.ready));
  await page.getByRole('button', { name: 'Cancel loading in the rail' }).press('Enter');
  expect(await cancelled).toContain('Loading was cancelled.');
  await expect(page.getByRole('button', { name: 'Load it again' })).toBeVisible();
  await page.unrouteAll();

  const rail = page.getByRole('complementary', { name: 'Settings' });
  await rail.getByRole('combobox', { name: 'Model' }).selectOption('picked');
  await rail.getByLabel(/^Pick/).setInputFiles('src/core');
  await expect(rail.getByRole('alert')).toContainText('It lacks config.json');
  await pickModel(page, 'public/models/mini-gpt');
  await rail.getByRole('button', { name: 'Load', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText('picked:mini-gpt on WebAssembly');
  expect(await said(page)).toBe('She goes to school every day.');

  await headway.open({ backend: 'wasm', model: 'picked:mini-gpt' });
  expect(await rejection(page.evaluate(() => window.headway.ready))).toContain('pick the directory again');
  await expect(rail.getByText('Pick mini-gpt again')).toBeVisible();
});
