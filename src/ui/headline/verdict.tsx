import { Tooltip } from '@mantine/core';
import type { Saturation } from '../../metrics/snapshot';
import classes from './headline.module.css';

interface VerdictProps {
  readonly saturation: Saturation | null;
}

/** Whether the server keeps up, in a word that does not need its colour. */
export function Verdict({ saturation }: VerdictProps) {
  const { word, means } = saturation ? SAYS[saturation] : NOT_YET;
  return (
    <Tooltip label={means}>
      <button type="button" className={classes.verdict} data-verdict={saturation ?? 'none'}>
        {word}
      </button>
    </Tooltip>
  );
}

const NOT_YET = { word: 'No verdict yet', means: 'Too few requests have ended in this window to judge.' };

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
