import { hubAt } from '../../model/hub/hub';
import { openHubDirectory } from '../../model/hub/hub-directory';
import { memoryShelf } from '../../model/hub/memory-shelf';
import { onnxBytes, onnxKind } from '../../model/onnx-file';
import { isHub, parseDirectoryName } from '../../model/source/directory-name';
import type { ModelAddress } from '../../model/source/model-address';
import type { ModelDirectory } from '../../model/source/model-directory';
import { pickedDirectory } from '../../model/source/picked-directory';
import { surveyDirectory } from '../../model/survey';
import type { InspectedModel } from '../load-control';

/** What a directory of the hub or of the visitor's disk holds; of the hub, small files are fetched and none is kept. */
export async function inspectModel(address: ModelAddress): Promise<InspectedModel> {
  const directory = await listedDirectory(address);
  const files = directory.files ?? [];
  const { file, context } = parseDirectoryName(address.url);
  const survey = await surveyDirectory(directory, { file, context, slots: 1, room: null });
  const { config, ownContext, obstacles } = survey;
  return {
    files: files
      .filter(({ path }) => path.endsWith('.onnx'))
      .map(({ path }) => ({ path, bytes: onnxBytes(files, path), says: onnxKind(path).says })),
    ownContext,
    cachePerToken: config && 2 * config.layers * config.kvHeads * config.headDim * 4,
    obstacles,
  };
}

async function listedDirectory({ url, home = '', files }: ModelAddress): Promise<ModelDirectory> {
  const { name, revision } = parseDirectoryName(url);
  if (!isHub(url)) return pickedDirectory(name, files);
  const [hub, shelf] = [await hubAt(home), memoryShelf()];
  return openHubDirectory({ hub, name, revision, shelf, fetchFile: fetch, onTrouble: () => {} });
}
