import { revision } from '../../scripts/revision';
import type { BenchOptions, BenchResult, Compliance } from '../../src/core/experiment';
import type { LoadedTrace } from '../../src/core/trace';
import { runBench } from '../../src/experiments/runner';
import type { ReadPrompts } from '../input';
import type { Progress } from '../progress';
import { type RemoteSession, type Sent, withTarget } from './remote-session';
import type { TargetChoice } from './target-options';

/** What takes a browser's place in a manifest where there is none. */
export const runtimeName = () => `Node ${process.versions.node}`;

/** What a run is measured on. */
export const environmentOf = (
  { served }: RemoteSession,
  args: readonly string[],
  packages: Readonly<Record<string, string>> = {},
) => ({
  ...served,
  revision: revision(),
  browser: runtimeName(),
  libraries: packages,
  arguments: args,
});

export const now = () => new Date().toISOString();

export interface Inputs {
  readonly trace: LoadedTrace | null;
  readonly prompts: ReadPrompts | null;
}

export const sentOf = ({ trace, prompts }: Inputs): Sent => ({
  texts: prompts?.dataSet.texts ?? null,
  trace,
});

/** One configuration, measured on another server from this process. */
export async function benchTarget(
  target: TargetChoice,
  asked: BenchOptions,
  inputs: Inputs,
  progress: Progress,
): Promise<BenchResult> {
  return withTarget(target, sentOf(inputs), progress, async (session) => {
    const handles = {
      environment: environmentOf(session, []),
      now,
      configure: async (config: BenchOptions['serving']) => config,
      measure: session.measure,
    };
    const result = await runBench(asked, handles, ({ repeat, done, total }) =>
      progress.show(
        `repeat ${repeat} of ${asked.repeats}: ${done}${total > 0 ? ` of ${total}` : ''} requests`,
      ),
    );
    progress.end();
    return result;
  });
}

/** What a server did not do as it was asked, as sentences. */
export function complianceNotes(seen: Compliance): readonly string[] {
  const { completed, shortAnswers, askedTokens, receivedTokens, countedByChunks, notStreamed } = seen;
  const share = askedTokens > 0 ? ((1 - receivedTokens / askedTokens) * 100).toFixed(0) : '0';
  return [
    shortAnswers > 0
      ? `${shortAnswers} of ${completed} answers were shorter than the length that they were forced to, by ${share} % of their tokens.`
      : '',
    countedByChunks > 0
      ? `The server did not count the tokens of ${countedByChunks} of ${completed} answers: each chunk counts as one.`
      : '',
    notStreamed > 0
      ? `${notStreamed} of ${completed} answers came in one piece: their first token is their last.`
      : '',
  ].filter(Boolean);
}
