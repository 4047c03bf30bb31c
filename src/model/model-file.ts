import { HeadwayError } from '../core/errors';

/** `fetch`, or what a test gives instead of it. */
export type Fetch = (url: string) => Promise<Response>;

/**
 * Reads a JSON file of a model directory.
 * @throws HeadwayError `model-file-missing`, also when a server answers with its page instead, as development servers and
 * static hosts with a fallback do; `model-file-damaged` when it is not JSON
 */
export async function readModelJson(url: string, fetchFile: Fetch = fetch): Promise<unknown> {
  const text = await readText(url, fetchFile);
  if (text.trimStart().startsWith('<')) {
    throw new HeadwayError('model-file-missing', `${url} is missing: the server answered with an HTML page.`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new HeadwayError('model-file-damaged', `${url} is not valid JSON (${reason(cause)}).`, { cause });
  }
}

async function readText(url: string, fetchFile: Fetch): Promise<string> {
  try {
    const response = await fetchFile(url);
    if (response.ok) return await response.text();
    throw new HeadwayError(
      'model-file-missing',
      `${url} is missing: the server answered ${response.status}.`,
    );
  } catch (cause) {
    if (cause instanceof HeadwayError) throw cause;
    throw new HeadwayError('model-file-missing', `${url} could not be read (${reason(cause)}).`, { cause });
  }
}

export const reason = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause));
