import { type Fetch, readModelFile } from '../model-file';
import type { ModelDirectory } from './model-directory';

/** A directory on a web server, which lists nothing. @param url ends in "/" */
export const serverDirectory = (url: string, fetchFile?: Fetch): ModelDirectory => ({
  files: null,
  label: (path) => `${url}${path}`,
  read: (path, onBytes) => readModelFile(`${url}${path}`, onBytes, fetchFile),
  head: async () => null,
});
