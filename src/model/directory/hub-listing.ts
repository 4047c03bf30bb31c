import { HeadwayError } from '../../core/errors';
import { reason } from '../model-file';
import type { FetchPart } from './download-file';
import type { Hub } from './hub';
import type { FileEntry } from './model-directory';

/** A model's files at one commit. */
export interface HubListing {
  /** All downloads name it, so that files of two versions never come together. */
  readonly commit: string;
  readonly files: readonly FileEntry[];
}

/** A hub that does not answer for so long is not there, ms. */
const SILENCE_MS = 30_000;

/**
 * Asks the hub what a model consists of.
 * @throws HeadwayError `model-file-missing` where there is no such public model, `download-stopped` where the hub
 * cannot be asked, `model-file-damaged` where it answers something else
 */
export async function fetchListing(
  hub: Hub,
  name: string,
  revision: string,
  fetchFile: FetchPart,
): Promise<HubListing> {
  const url = `${hub.origin}/api/models/${name}/revision/${encodeURIComponent(revision)}?blobs=true`;
  const signal = AbortSignal.timeout(SILENCE_MS);
  const response = await fetchFile(url, { cache: 'no-store', signal }).catch((cause: unknown) => {
    const sentence = `${hub.origin} could not be asked for ${name} (${reason(cause)}). Is there a network?`;
    throw new HeadwayError('download-stopped', sentence, { cause });
  });
  if ([401, 403, 404].includes(response.status)) {
    throw new HeadwayError(
      'model-file-missing',
      `${hub.origin} has no model ${name} at revision ${revision} that can be read without an account (it answered ${response.status}). A private or gated one can be downloaded by hand and picked from disk.`,
    );
  }
  if (!response.ok) {
    throw new HeadwayError('download-stopped', `${hub.origin} answered ${response.status} for ${name}.`);
  }
  const answer = (await response.json().catch(() => ({}))) as Answer;
  if (typeof answer.sha !== 'string' || !Array.isArray(answer.siblings)) {
    throw new HeadwayError('model-file-damaged', `${url} did not answer with a list of files.`);
  }
  if (answer.gated) {
    throw new HeadwayError(
      'model-unsupported',
      `${name} is gated: the hub gives it to those who have agreed to its terms. Download it by hand, and pick its directory from disk.`,
    );
  }
  return {
    commit: answer.sha,
    files: answer.siblings.map(({ rfilename, size, lfs }) => ({
      path: rfilename,
      bytes: lfs?.size ?? size ?? 0,
      sha256: lfs?.sha256 ?? null,
    })),
  };
}

/** What is read of the hub's answer. */
interface Answer {
  readonly sha?: string;
  readonly gated?: boolean | string;
  readonly siblings?: readonly {
    readonly rfilename: string;
    readonly size?: number;
    readonly lfs?: { readonly sha256?: string; readonly size?: number };
  }[];
}
