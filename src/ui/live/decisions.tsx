import type { LiveSnapshot } from '../../core/figures';
import { formatWhole } from '../../store/format';
import { useApp } from '../app-context';
import { Panel } from '../kit/panel';
import classes from './live.module.css';

/** What each count is of, in the order in which a request meets it. */
const COUNTS: readonly {
  readonly name: string;
  readonly of: string;
  readonly read: (counters: LiveSnapshot['counters']) => number;
}[] = [
  { name: 'Accepted', of: 'requests that got a place in the queue', read: (c) => c.accepted },
  { name: 'Rejected', of: 'requests that got none', read: (c) => c.outcomes.rejected },
  { name: 'Batches', of: 'sealed', read: (c) => c.batches },
  {
    name: 'Closed early',
    of: 'batches whose wait for company a limit cut short',
    read: (c) => c.closedEarly,
  },
  { name: 'Batched', of: 'requests in them', read: (c) => c.batched },
  { name: 'Micro-batches', of: 'that these come to', read: (c) => c.microBatches },
  { name: 'Overtook', of: 'requests that went before an earlier one', read: (c) => c.overtook },
  { name: 'Dispatched', of: 'batches that the runner took', read: (c) => c.dispatched },
  {
    name: 'Stale',
    of: 'members that had gone when the runner took their batch',
    read: (c) => c.staleDropped,
  },
  { name: 'Refilled', of: 'requests that took their places', read: (c) => c.refilled },
  { name: 'Prefills', of: 'forward passes over prompts', read: (c) => c.prefills },
  { name: 'Chunks', of: 'prefills of a part of a prompt', read: (c) => c.prefillChunks },
  { name: 'Decodes', of: 'forward passes of a token a row', read: (c) => c.decodes },
  { name: 'Tokens', of: 'that clients received', read: (c) => c.tokens },
  { name: 'Wasted on padding', of: 'rows whose request had ended', read: (c) => c.wastedFinished },
  { name: 'Wasted on the gone', of: 'rows whose client had given up', read: (c) => c.wastedGone },
];

/** How often the server decided what, since the page was opened. */
export function Decisions() {
  const counters = useApp((state) => state.snapshot?.counters ?? null);
  return (
    <Panel title="Decisions since the page was opened">
      <dl className={classes.counts}>
        {COUNTS.map(({ name, of, read }) => (
          <div key={name} className={classes.count}>
            <dt>
              {name} <span>{of}</span>
            </dt>
            <dd>{formatWhole(counters && read(counters))}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
