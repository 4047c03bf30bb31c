import { HeadwayError } from '../../src/core/errors';
import type { ServingEvent } from '../../src/core/events';
import type { Compliance, MeasuredRun, Measurement } from '../../src/core/experiment';
import type { RequestId } from '../../src/core/request';
import { systemClock } from '../../src/core/system-clock';
import type { LoadedTrace } from '../../src/core/trace';
import { RemoteEngine } from '../../src/engine/remote/remote-engine';
import { type OpenTarget, openTarget } from '../../src/engine/remote/target';
import { Words } from '../../src/engine/remote/words';
import type { RunRecorder } from '../../src/metrics/run-recorder';
import { Generators } from '../../src/session/traffic-worker/generators';
import { measureRun, type RunInProgress } from '../../src/session/traffic-worker/measure-run';
import { promptMisfit } from '../../src/traffic/contradictions';
import { GENERIC_PROMPTS } from '../../src/traffic/generic-prompts';
import type { Workload } from '../../src/traffic/request-source';
import type { Progress } from '../progress';
import { nodeTransport } from './node-transport';
import type { TargetChoice } from './target-options';

/** Where the server does not say how long its context is. */
const ASSUMED_CONTEXT = 4096;
/** ms between two reports of progress. */
const REPORT_MS = 250;

/** A target, and traffic for it made in this process. */
export interface RemoteSession {
  readonly served: {
    readonly adapter: { readonly kind: 'remote'; readonly name: string; readonly software: false };
    readonly model: { readonly name: string; readonly sha256: null };
  };
  measure(run: MeasuredRun, onProgress: (done: number, total: number) => void): Promise<Measurement>;
  /** Ends the `measure` under way, which then returns what had settled. */
  abort(): void;
}

/** What is sent: texts of its own, and what is played. */
export interface Sent {
  /** Null: Headway's own sentences. */
  readonly texts: readonly string[] | null;
  readonly trace: LoadedTrace | null;
}

/**
 * Asks the target once, has `use` measure it, and closes every connection.
 * @throws HeadwayError `backend-unavailable`
 */
export async function withTarget<Result>(
  choice: TargetChoice,
  sent: Sent,
  progress: Progress,
  use: (session: RemoteSession) => Promise<Result>,
): Promise<Result> {
  const { address, headers, insecure } = choice;
  const transport = nodeTransport({ origin: address.origin, insecure, now: systemClock.now });
  try {
    progress.show(`asking ${address.name}`);
    const target = await openTarget({ transport, address, headers }, choice);
    progress.say(`${target.model} at ${address.name}, ${target.endpoint}`);
    for (const note of target.notes) progress.say(note);
    const around = surroundings(target, sent);
    const engine = new RemoteEngine({
      ...choice,
      ...target,
      transport,
      clock: systemClock,
      basePath: address.basePath,
      emit: around.emit,
    });
    return await use(sessionOf(engine, around, address.name, target.model));
  } finally {
    await transport.close();
  }
}

interface Around {
  readonly words: Words;
  readonly workload: Workload;
  readonly trace: LoadedTrace | null;
  readonly emit: (event: ServingEvent) => void;
  /** Set while a run is measured. */
  listener: ((event: ServingEvent) => void) | null;
}

function surroundings(target: OpenTarget, { texts, trace }: Sent): Around {
  const words = new Words(target.ruler);
  const contextLength = target.contextLength ?? ASSUMED_CONTEXT;
  const around: Around = {
    words,
    workload: words.workload(texts ?? GENERIC_PROMPTS, contextLength),
    trace,
    emit: (event) => around.listener?.(event),
    listener: null,
  };
  return around;
}

function sessionOf(engine: RemoteEngine, around: Around, name: string, model: string): RemoteSession {
  let ids = 0;
  let inProgress: RunInProgress | null = null;
  return {
    served: {
      adapter: { kind: 'remote', name, software: false },
      model: { name: model, sha256: null },
    },
    abort: () => inProgress?.abort(),
    async measure(run, onProgress) {
      if (inProgress) throw new HeadwayError('invalid-state', 'A measured run is under way.');
      if (run.load.arrival === 'trace' && !around.trace) {
        throw new HeadwayError('invalid-trace', 'There is no trace to play.');
      }
      const wrong = promptMisfit(run.load, around.workload.contextLength);
      if (wrong) throw new HeadwayError('invalid-parameter', wrong);
      let recorder: RunRecorder | null = null;
      const generators = new Generators({
        clock: systemClock,
        trace: () => around.trace?.trace ?? null,
        abandon: (id: RequestId) => engine.cancel(id),
      });
      around.listener = (event) => {
        recorder?.fold(event);
        if (event.type === 'settled') generators.settled(event.id, event.settlement.outcome, event.at);
      };
      let before = engine.compliance;
      const { run: measured, result } = measureRun(run, {
        clock: systemClock,
        workload: around.workload,
        trace: run.load.arrival === 'trace' ? around.trace : null,
        nextId: () => ++ids,
        generate: (clients) => generators.start(clients),
        send: ({ request }) => engine.submit({ ...request, text: around.words.textOf(request.prompt) }),
        cancel: (all) => {
          for (const id of all) engine.cancel(id);
        },
        record: (one) => {
          recorder = one;
          before = engine.compliance;
        },
        onProgress,
      });
      inProgress = measured;
      const timer = setInterval(() => measured.reportProgress(), REPORT_MS);
      try {
        return { ...(await result), compliance: since(before, engine.compliance) };
      } finally {
        clearInterval(timer);
        inProgress = null;
        around.listener = null;
      }
    },
  };
}

function since(before: Compliance, after: Compliance): Compliance {
  const entries = Object.entries(after) as [keyof Compliance, number][];
  const changes = entries.map(([name, count]) => [name, count - before[name]] as const);
  return { ...after, ...Object.fromEntries(changes) };
}
