import type { InspectedModel } from '../../core/commands';
import type { ModelAddress } from '../../core/model';
import { isHub, parseDirectoryName } from '../../model/directory/directory-name';
import { hubAt } from '../../model/directory/hub';
import { openHubDirectory } from '../../model/directory/hub-directory';
import { memoryShelf } from '../../model/directory/memory-shelf';
import type { ModelDirectory } from '../../model/directory/model-directory';
import { pickedDirectory } from '../../model/directory/picked-directory';
import { onnxBytes, onnxKind } from '../../model/onnx-file';
import { surveyDirectory } from '../../model/survey';

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
