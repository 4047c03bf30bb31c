import { Button, TextInput } from '@mantine/core';
import { diffArrays } from 'diff';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import type { Sample } from '../../core/figures';
import { OUTCOME_STATUS } from '../../core/request';
import { formatMs } from '../../store/format';
import { useActions, useApp, useAttempt } from '../app-context';
import kit from '../kit/kit.module.css';
import { Panel } from '../kit/panel';
import classes from './requests.module.css';

/** The latest value, but at most once in `everyMs` and not at all while `hold`: for lists that a person reads. */
function useHeld<T>(value: T, everyMs: number, hold: boolean): T {
  const [held, setHeld] = useState(value);
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  useEffect(() => {
    if (hold) return;
    const timer = setInterval(() => setHeld(latest.current), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, hold]);
  return held;
}

/** Sends the visitor's own sentence through the loaded queue. */
function OwnSentence() {
  const isReady = useApp((state) => state.model.status === 'ready' && state.load.status !== 'measuring');
  const actions = useActions();
  const [text, setText] = useState('He go to school every days');
  const [error, setError] = useState<string | null>(null);
  const send = async () => {
    setError(null);
    try {
      await actions.send(text.trim());
    } catch (cause) {
      setError(cause instanceof Error ? cause.message : String(cause));
    }
  };
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady && text.trim() !== '') void send();
      }}
    >
      <TextInput
        size="xs"
        className={classes.field ?? ''}
        aria-label="Your own sentence"
        placeholder="A sentence with a mistake in it"
        autoComplete="off"
        error={error}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" size="xs" variant="default" disabled={!isReady || text.trim() === ''}>
        Send
      </Button>
    </form>
  );
}

interface SampleRowProps {
  readonly sample: Sample;
  /** Gives it up while it runs; none for what is not the visitor's. */
  readonly onStop?: (id: number) => void;
}

/** One request: the learner's sentence, what the model made of it, and what it took. */
const SampleRow = memo(function SampleRow({ sample, onStop }: SampleRowProps) {
  const isDone = sample.outcome !== 'running';
  const isWhole = sample.outcome === 'completed' && sample.text !== '' && !sample.meaningless;
  const compared = isWhole ? diffWords(sample.prompt, sample.text) : null;
  // Only an answer that repeats most of the sentence is a correction of it.
  const diff = compared && keptShare(compared.before) >= 0.5 ? compared : null;
  return (
    <li
      className={classes.sample}
      data-own={sample.own || undefined}
      data-outcome={sample.outcome}
      data-meaningless={sample.meaningless}
    >
      <div className={classes.texts}>
        <p className={classes.prompt}>
          {sample.own ? <span className={classes.own}>Yours</span> : null}
          {diff ? <Runs runs={diff.before} as="del" /> : sample.prompt}
        </p>
        <p className={classes.answer}>
          {diff ? <Runs runs={diff.after} as="ins" /> : sample.text || waiting(sample)}
          {sample.afterEnd ? (
            <span
              className={classes.afterEnd}
              title="The model ended its answer here; the load forces longer ones."
            >
              {' ⏹ '}
              {sample.afterEnd}
            </span>
          ) : null}
          {!isDone && sample.text ? ' …' : null}
        </p>
        {sample.rendered ? (
          <details className={classes.rendered}>
            <summary>Prompt as sent</summary>
            <pre>{sample.rendered}</pre>
          </details>
        ) : null}
      </div>
      {onStop && !isDone ? (
        <button type="button" className={`${kit.toggle} ${classes.hold}`} onClick={() => onStop(sample.id)}>
          Stop
        </button>
      ) : null}
      <p className={classes.cost}>
        <span className={classes.latency}>{isDone ? `${formatMs(sample.latencyMs)} ms` : 'running'}</span>
        <span className={classes.detail}>
          {sample.outcome === 'completed' || sample.outcome === 'running'
            ? `${sample.outputTokens} tok`
            : `${OUTCOME_STATUS[sample.outcome]} ${sample.outcome}`}
        </span>
      </p>
    </li>
  );
});

function waiting(sample: Sample): string {
  switch (sample.outcome) {
    case 'running':
      return 'waiting for its first token …';
    case 'completed':
      return '(empty answer)';
    default:
      return sample.message ?? sample.outcome;
  }
}

/** A run of words that stands in one text only, or in both. */
interface WordRun {
  readonly text: string;
  readonly changed: boolean;
}

/** The share of a sentence's words that its answer repeats. */
function keptShare(runs: readonly WordRun[]): number {
  const count = (some: readonly WordRun[]) => some.reduce((sum, { text }) => sum + text.split(' ').length, 0);
  return count(runs.filter(({ changed }) => !changed)) / Math.max(1, count(runs));
}

/** Which words of two sentences differ. */
export function diffWords(before: string, after: string) {
  const words = (text: string) => text.split(/\s+/).filter(Boolean);
  const changes = diffArrays(words(before), words(after));
  const without = (left: 'added' | 'removed'): readonly WordRun[] =>
    changes
      .filter((change) => !change[left])
      .map(({ value, added, removed }) => ({ text: value.join(' '), changed: added || removed }));
  return { before: without('added'), after: without('removed') };
}

function Runs({ runs, as: Tag }: { readonly runs: readonly WordRun[]; readonly as: 'ins' | 'del' }) {
  const starts = runs.map((_, index) =>
    runs.slice(0, index).reduce((sum, run) => sum + run.text.length + 1, 0),
  );
  return runs.map((run, index) => (
    <span key={starts[index]}>
      {index > 0 ? ' ' : ''}
      {run.changed ? <Tag>{run.text}</Tag> : run.text}
    </span>
  ));
}

const SHOWN = 12;
const OWN_SHOWN = 2;
const EVERY_MS = 1000;
/** A part that scrolls and holds nothing to focus takes the focus itself, so that the arrow keys can move it. */
const KEYBOARD_SCROLL = { tabIndex: 0 } as const;

/** What the model says: the visitor's own requests on top, then a sample of the synthetic ones. */
export function RequestsPanel() {
  const own = useApp((state) => state.own);
  const samples = useApp((state) => state.samples);
  const [hold, setHold] = useState(false);
  const { cancel } = useActions();
  const attempt = useAttempt();
  const stop = useCallback((id: number) => attempt(() => cancel(id)), [attempt, cancel]);
  const finished = useHeld(samples, EVERY_MS, hold).filter((sample) => sample.outcome !== 'running');
  return (
    <Panel
      title="What the model says"
      className={classes.panel}
      aside={
        <button
          type="button"
          className={`${kit.toggle} ${classes.hold}`}
          aria-pressed={hold}
          onClick={() => setHold(!hold)}
        >
          Hold
        </button>
      }
    >
      <OwnSentence />
      {finished.some((sample) => sample.meaningless) || own[0]?.meaningless ? (
        <p className={classes.meaningless}>
          Meaningless: random weights. Words are sent as tokens by their hash, answers are shown by their
          numbers.
        </p>
      ) : null}
      <section className={classes.scroll} aria-label="Sampled requests" {...KEYBOARD_SCROLL}>
        <ul aria-live="polite">
          {own.slice(0, OWN_SHOWN).map((sample) => (
            <SampleRow key={sample.id} sample={sample} onStop={stop} />
          ))}
        </ul>
        <ul>
          {finished.slice(0, SHOWN).map((sample) => (
            <SampleRow key={sample.id} sample={sample} />
          ))}
        </ul>
        {finished.length === 0 && own.length === 0 ? (
          <p className={classes.none}>Answers appear here as soon as there are some.</p>
        ) : null}
      </section>
    </Panel>
  );
}
