import { useCallback, useState } from 'react';
import { useActions, useApp, useAttempt } from '../../app-context';
import buttons from '../../kit/buttons.module.css';
import { Panel } from '../../kit/panel';
import { OwnSentence } from './own-sentence';
import classes from './requests.module.css';
import { SampleRow } from './sample-row';
import { useHeld } from './use-held';

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
          className={`${buttons.toggle} ${classes.hold}`}
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
