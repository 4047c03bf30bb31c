import { HeadwayError } from '../../core/errors';

/** A model directory: on the hub, picked from the visitor's disk, or on the page's own server. */
export interface DirectoryName {
  readonly kind: 'hub' | 'picked' | 'server';
  /** `owner/name` on the hub, the directory's own name of a picked one, the address of one on the server. */
  readonly name: string;
  /** Branch, tag or commit; `main` unless given. It means nothing but on the hub. */
  readonly revision: string;
  /** Path of the ONNX file; null = the one that suits the backend best. */
  readonly file: string | null;
  /** Tokens of a sequence at most; null = `DEFAULT_CONTEXT`, or the model's own if that is less. */
  readonly context: number | null;
  /** `auto`: prompts go through the model's chat template, if it has one. `none`: as plain text. */
  readonly chat: ChatChoice;
}

export const CHAT_CHOICES = ['auto', 'none'] as const;
export type ChatChoice = (typeof CHAT_CHOICES)[number];

/** What `config.json` promises is often far more than a cache has room for, so more is given only where it is asked for. */
export const DEFAULT_CONTEXT = 1024;

const CONTEXT = { min: 8, max: 131_072 };
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const REVISION = /^[\w./-]+$/;
const OPTIONS = /^(.*?)((?:,(?:file|context|chat)=[^,]*)*)$/;

/** Whether a model's name means a directory of the hub; it may still be a wrong one. */
export const isHub = (model: string): boolean => model.startsWith('hub:');
/** Whether a model's name means files that were picked on the page. */
export const isPicked = (model: string): boolean => model.startsWith('picked:');

/**
 * Reads `hub:owner/name@revision,file=onnx/model_q4.onnx,context=2048,chat=none`, `picked:my-model,file=…` or
 * `models/my-model/,context=…`; what follows the name may be left out.
 * @throws HeadwayError `invalid-parameter`, with what was given and what is allowed
 */
export function parseDirectoryName(text: string): DirectoryName {
  const kind = isHub(text) ? 'hub' : isPicked(text) ? 'picked' : 'server';
  const own = kind === 'server' ? text : text.slice(kind.length + 1);
  const [, head = '', options = ''] = OPTIONS.exec(own) ?? [];
  const [name = '', revision = 'main'] = kind === 'hub' ? head.trim().split('@') : [head.trim()];
  if (kind === 'hub' && !(REPOSITORY.test(name) && REVISION.test(revision))) {
    throw refusal(
      `a model of the hub is named hub:OWNER/NAME or hub:OWNER/NAME@REVISION, with file=, context= and chat= behind it; given: "${text}".`,
    );
  }
  if (name === '')
    throw refusal(
      `${kind === 'picked' ? 'picked: is followed by' : 'it needs'} the directory's name; given: "${text}".`,
    );
  const pairs = new Map(
    options
      .split(',')
      .slice(1)
      .map((part) => part.split('=') as [string, string]),
  );
  const file = pairs.get('file')?.trim() ?? null;
  if (file !== null && !file.endsWith('.onnx')) {
    throw refusal(`file must be the path of an .onnx file, such as onnx/model_q4.onnx; given: "${file}".`);
  }
  const context = contextOf(pairs.get('context'));
  return { kind, name, revision, file, context, chat: chatOf(pairs.get('chat')) };
}

/** The way back, in its shortest form. */
export function formatDirectoryName({ kind, name, revision, file, context, chat }: DirectoryName): string {
  return [
    kind === 'server' ? name : `${kind}:${name}${revision === 'main' ? '' : `@${revision}`}`,
    file === null ? '' : `,file=${file}`,
    context === null ? '' : `,context=${context}`,
    chat === 'auto' ? '' : `,chat=${chat}`,
  ].join('');
}

function contextOf(raw: string | undefined): number | null {
  if (raw === undefined) return null;
  const value = /^\d+$/.test(raw) ? Number(raw) : Number.NaN;
  if (value >= CONTEXT.min && value <= CONTEXT.max) return value;
  throw refusal(`context must be a whole number from ${CONTEXT.min} to ${CONTEXT.max}; given: "${raw}".`);
}

function chatOf(raw: string | undefined): ChatChoice {
  const chosen = CHAT_CHOICES.find((choice) => choice === (raw ?? 'auto'));
  if (chosen) return chosen;
  throw refusal(`chat must be one of ${CHAT_CHOICES.join(', ')}; given: "${raw}".`);
}

const refusal = (problem: string) =>
  new HeadwayError('invalid-parameter', `There is no such model directory: ${problem}`);
