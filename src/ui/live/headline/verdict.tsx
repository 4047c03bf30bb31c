import { Tooltip } from '@mantine/core';
import type { Saturation } from '../../../core/figures';
import classes from './headline.module.css';

interface VerdictProps {
  readonly saturation: Saturation | null;
  /** Nothing is sent at present: there is nothing to judge. */
  readonly paused: boolean;
}

/** Whether the server keeps up, in a word that does not need its colour. */
export function Verdict({ saturation, paused }: VerdictProps) {
  const { word, means } = saturation ? SAYS[saturation] : paused ? PAUSED : NOT_YET;
  return (
    <Tooltip label={means}>
      <button type="button" className={classes.verdict} data-verdict={saturation ?? 'none'}>
        {word}
      </button>
    </Tooltip>
  );
}

const NOT_YET = { word: 'No verdict yet', means: 'Too few requests have ended in this window to judge.' };

const PAUSED = {
  word: 'Paused',
  means: 'The load holds still: nothing is sent, and no rate is shown of a time that is no measurement.',
};

const SAYS: Readonly<Record<Saturation, { readonly word: string; readonly means: string }>> = {
  stable: { word: 'Stable', means: 'Requests complete as fast as they come, and latency is not growing.' },
  backlogged: {
    word: 'Backlogged',
    means: 'Requests wait, and latency is growing: the queue builds up, or drains slowly.',
  },
  overloaded: {
    word: 'Overloaded',
    means: 'More requests come than complete: latency grows for as long as this lasts.',
  },
};
