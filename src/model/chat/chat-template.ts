import type { Template } from '@huggingface/jinja';
import type { ChatMessage } from '../../core/commands';
import { HeadwayError } from '../../core/errors';
import type { ModelDirectory } from '../directory/model-directory';
import { reason } from '../model-file';
import type { LoadedTokenizer } from './tokenizer';

/** How a chat model wants to be spoken to. */
export interface ChatTemplate {
  /** Where it is from: `chat_template.jinja`, `tokenizer_config.json`, or `tokenizer_config.json (default)` of several. */
  readonly source: string;
  /**
   * The prompt that a conversation becomes, up to where the model's answer begins.
   * @throws HeadwayError `invalid-request` where the template refuses it, such as roles that do not take turns
   */
  render(messages: readonly ChatMessage[]): string;
}

/** Newer models have it in a file of its own, which then counts. */
const FILE = 'chat_template.jinja';

/**
 * Reads the chat template of a model directory; null where it has none.
 * @throws HeadwayError `model-file-damaged` for one that is no template
 */
export async function readChatTemplate(
  directory: ModelDirectory,
  { config, specialTokens }: LoadedTokenizer,
): Promise<ChatTemplate | null> {
  const found = (await ownFile(directory)) ?? fromConfig(config.chat_template);
  if (!found) return null;
  const { source, text } = found;
  const template = await parse(text, `${directory.label(source)}`);
  return {
    source,
    render: (messages) => {
      try {
        return template.render({ ...specialTokens, messages, add_generation_prompt: true });
      } catch (cause) {
        throw new HeadwayError(
          'invalid-request',
          `The model's chat template (${source}) refuses these messages: ${reason(cause)}`,
          { cause },
        );
      }
    },
  };
}

interface Found {
  readonly source: string;
  readonly text: string;
}

async function ownFile(directory: ModelDirectory): Promise<Found | null> {
  if (directory.files?.every(({ path }) => path !== FILE)) return null;
  try {
    return { source: FILE, text: new TextDecoder().decode(await directory.read(FILE)) };
  } catch (error) {
    if (error instanceof HeadwayError && error.code === 'model-file-missing') return null;
    throw error;
  }
}

/** A template, or a list of named ones, of which `default` is for talking. */
function fromConfig(given: unknown): Found | null {
  const source = 'tokenizer_config.json';
  if (typeof given === 'string') return { source, text: given };
  const named = Array.isArray(given)
    ? given.map((entry: { readonly name?: unknown; readonly template?: unknown } | null) => [
        entry?.name,
        entry?.template,
      ])
    : Object.entries(typeof given === 'object' && given !== null ? given : {});
  const [name, text] = named.find(([key]) => key === 'default') ?? named[0] ?? [];
  return typeof text === 'string' ? { source: `${source} (${String(name)})`, text } : null;
}

async function parse(text: string, label: string): Promise<Template> {
  // Few models have a template; the page does not begin with what reads one.
  const { Template } = await import('@huggingface/jinja');
  try {
    return new Template(text);
  } catch (cause) {
    throw new HeadwayError('model-file-damaged', `${label} has no usable chat template (${reason(cause)}).`, {
      cause,
    });
  }
}
