import type { ModelAddress } from '../../core/model';
import type { Fetch } from '../model-file';
import { parseDirectoryName } from './directory-name';
import { hubAt } from './hub';
import { type HubListeners, openHubDirectory } from './hub-directory';
import type { ModelDirectory } from './model-directory';
import { opfsShelf } from './opfs-shelf';
import { pickedDirectory } from './picked-directory';
import { serverDirectory } from './server-directory';

/**
 * A model's directory, ready to be read; no synthetic one has any.
 * @param onTrouble told what happens to a download meanwhile, as a sentence
 * @throws HeadwayError `model-file-missing`, `download-stopped`, `storage-failed`
 */
export async function openDirectory(
  { url, home = '', files }: ModelAddress,
  { fetchFile = fetch, onTrouble = () => {} }: Partial<HubListeners> = {},
): Promise<ModelDirectory> {
  const { kind, name, revision } = parseDirectoryName(url);
  if (kind === 'picked') return pickedDirectory(name, files);
  if (kind === 'server') return serverDirectory(name, fetchFile as Fetch);
  const [hub, shelf] = [await hubAt(home), await opfsShelf({ name, revision })];
  return openHubDirectory({ hub, name, revision, shelf, fetchFile, onTrouble });
}
