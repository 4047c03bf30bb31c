import * as ort from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { tinyAnswers, tinyFiles, tinyModels } from '../../testing/tiny-models';
import { type Backend, decodeRows, promptRow } from '../core/backend';
import { fetchModel } from '../model/fetch-model';
import { arithmeticOf, asItIs, graphForm, prepareServing, servedNeed } from '../model/onnx/prepare';
import { compareLogits, ownLogits } from './compare-logits';
import { DecoderBackend } from './decoder-backend';
import { evaluateWith } from './evaluate';
import { Lane } from './lane';
import { WasmEngine } from './wasm-engine';

// The machine's other tests want its cores, too.
ort.env.wasm.numThreads = 1;

const ON_WASM = { cacheOutside: true, unpack: true };

const SERVED = tinyModels().filter((name) => !name.startsWith('lfm2'));

const fetchTiny = (name: string, files = tinyFiles(name)) =>
  fetchModel(
    { url: `picked:${name}`, files },
    { slots: 4, room: { kind: 'wasm' }, onBytes: () => {}, onTrouble: () => {} },
  );

/** As `openModel` does on WASM, with Node's onnxruntime-web. */
async function open(name: string): Promise<Backend> {
  const { model, config, file } = await fetchTiny(name);
  const own = await ownLogits(ort, asItIs(model), config, arithmeticOf(model));
  const need = servedNeed(model, config, true);
  const { graph, weights } = await prepareServing(model, config, file, ON_WASM, evaluateWith(ort));
  const session = await ort.InferenceSession.create(graph, { externalData: weights, logSeverityLevel: 3 });
  const engine = new WasmEngine(ort, session, config, need);
  await compareLogits(engine, own, config, file);
  const adapter = { kind: 'wasm', name: 'Node', software: false } as const;
  return new DecoderBackend({ adapter, ...config }, engine, new Lane());
}

describe.each(SERVED)('%s', (name) => {
  const answers = tinyAnswers(name);
  const length = answers[0]?.tokens.length ?? 0;

  test('answers as PyTorch does, alone and in a batch of unequal prompts whose slots are filled again', async () => {
    const backend = await open(name);
    const grow = async (slots: readonly number[], said: number[][]) => {
      while (said.some((tokens) => tokens.length < length)) {
        const step = await backend.step(decodeRows(slots));
        said.forEach((tokens, i) => {
          if (tokens.length < length) tokens.push(step[i] as number);
        });
      }
    };
    for (const { prompt, tokens } of answers) {
      const said = [[...(await backend.step([promptRow(0, prompt)]))]];
      await grow([0], said);
      expect(said[0]).toEqual(tokens);
    }
    const all = answers.map((_, slot) => slot);
    const begin = async (order: readonly number[]) => {
      const rows = order.map((answer, slot) => promptRow(slot, answers[answer]?.prompt ?? []));
      return (await backend.step(rows)).map((token) => [token]);
    };
    const together = await begin(all);
    await grow(all, together);
    expect(together).toEqual(answers.map(({ tokens }) => tokens));
    // Two rows go on while the other two begin anew, with other prompts.
    const mixed = await begin(all.toReversed());
    const first = await backend.step(decodeRows(all));
    mixed.forEach((tokens, i) => {
      tokens.push(first[i] as number);
    });
    for (const slot of [1, 2])
      mixed[slot] = [...(await backend.step([promptRow(slot, answers[slot]?.prompt ?? [])]))];
    await grow(all, mixed);
    expect(mixed).toEqual([3, 1, 2, 0].map((answer) => answers[answer]?.tokens));
    await backend.dispose();
  });
});

test('both forms are among them', async () => {
  const forms = await Promise.all(SERVED.map(async (name) => graphForm((await fetchTiny(name)).model)));
  expect(forms.filter((form) => form === 'plain').length).toBeGreaterThanOrEqual(10);
  expect(forms.filter((form) => form === 'fused').length).toBeGreaterThanOrEqual(7);
});

test('LFM2 is refused with the reason, by config.json and by the graph itself', async () => {
  await expect(fetchTiny('lfm2-gqa')).rejects.toThrow(
    /layers of the kind conv \(model_type lfm2\), which keep something other than keys and values/,
  );
  const config = JSON.parse(
    await (tinyFiles('lfm2-gqa')
      .find(({ path }) => path === 'config.json')
      ?.file.text() ?? ''),
  );
  const silent = tinyFiles('lfm2-gqa', {
    'config.json': JSON.stringify({ ...config, layer_types: undefined }),
  });
  await expect(fetchTiny('lfm2-gqa', silent)).rejects.toThrow(
    /a convolution that keeps a state|a cache beside keys and values, present\.0\.conv/,
  );
});

test('a graph that is served otherwise than its file answers is refused', async () => {
  const { model, config, file } = await fetchTiny('llama-plain');
  const own = await ownLogits(ort, asItIs(model), config, 'exact');
  const need = servedNeed(model, config, true);
  const { graph, weights } = await prepareServing(model, config, file, ON_WASM, evaluateWith(ort));
  const scale = model.graph?.node.find(({ opType }) => opType === 'Attention');
  expect(scale).toBeDefined();
  const wrong = weights.map(({ path, data }, i) => ({
    path,
    data: i === 1 ? data.map((byte) => byte ^ 0x10) : data,
  }));
  const session = await ort.InferenceSession.create(graph, { externalData: wrong, logSeverityLevel: 3 });
  const engine = new WasmEngine(ort, session, config, need);
  await expect(compareLogits(engine, own, config, file)).rejects.toThrow(
    /rewritten for serving and then answers otherwise than by itself: token 1 of prompt 1 of a batch/,
  );
});
