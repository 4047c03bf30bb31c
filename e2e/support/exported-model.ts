import { readFileSync } from 'node:fs';
import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { DataLocation, ModelSchema } from '../../src/model/onnx/onnx_pb';
import type { HubFiles } from './hub-server';

const read = (path: string) => readFileSync(`public/models/mini-gpt/${path}`);

const SMALL = ['config.json', 'generation_config.json', 'tokenizer.json', 'tokenizer_config.json'];

/**
 * The embedded model as exporters lay out larger ones: weights in one file beside the graph, each at its offset, and no
 * prompts of its own.
 */
export function exportedModel(): HubFiles {
  const model = fromBinary(ModelSchema, read('onnx/model.onnx'));
  const parts: Uint8Array[] = [];
  let offset = 0;
  for (const tensor of model.graph?.initializer ?? []) {
    const { rawData } = tensor;
    if (rawData.byteLength < 1024) continue;
    const place = { location: 'model.onnx_data', offset: String(offset), length: String(rawData.byteLength) };
    tensor.externalData = Object.entries(place).map(([key, value]) => ({
      $typeName: 'onnx.Entry' as const,
      key,
      value,
    }));
    tensor.dataLocation = DataLocation.EXTERNAL;
    tensor.rawData = new Uint8Array(0);
    parts.push(rawData);
    offset += rawData.byteLength;
  }
  return {
    ...Object.fromEntries(SMALL.map((path) => [path, read(path)])),
    'onnx/model.onnx': Buffer.from(toBinary(ModelSchema, model)),
    'onnx/model.onnx_data': Buffer.concat(parts),
  };
}
