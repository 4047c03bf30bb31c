import { type ReactNode, useId, useMemo } from 'react';
import type { SlotSpan } from '../../core/slots';
import type { SlotShares } from '../../metrics/slot-window';
import { formatMs, formatShare, formatWhole } from '../../store/format';
import kit from '../kit/kit.module.css';
import { type FilmLayout, numberedSlots } from './slot-film';
import type { SlotPlayer, SlotReport } from './slot-player';
import classes from './timeline.module.css';

/** What a slot does or did, for the pointer. Slots are numbered from 1 where people read them. */
export function saySpan({ request, kind, slot, from, to }: SlotSpan): string {
  const why = kind === 'wasted' ? ' after it had ended' : '';
  return `Request ${formatWhole(request)}: ${kind} ${formatMs(to - from)} ms${why}, slot ${slot + 1}`;
}

/** Wasted is a share of what was decoded, as in the headline and in every summary. */
const decodingOf = ({ decode, wasted }: SlotShares) => ({
  decoding: decode + wasted,
  wasted: decode + wasted > 0 ? wasted / (decode + wasted) : null,
});

/** The picture as a sentence. */
export function sayReport({ slots, shares, queued, sealed }: SlotReport, windowMs: number): string {
  const of = `${slots} ${slots === 1 ? 'slot' : 'slots'} over the last ${windowMs / 1000} seconds`;
  if (!shares) return `${of}: nothing known yet.`;
  const { prefill, free } = shares;
  const { decoding, wasted } = decodingOf(shares);
  const work = `prefill ${formatShare(prefill)}, decode ${formatShare(decoding)} (wasted ${formatShare(wasted)} of it), free ${formatShare(free)}`;
  const wait = `${formatWhole(queued)} in the queue${sealed > 0 ? `, ${formatWhole(sealed)} in sealed batches` : ''}`;
  return `${of}: ${work} of their time. Waiting now: ${wait}.`;
}

interface SlotNumbersProps {
  readonly layout: FilmLayout;
  readonly mostWaiting: number;
}

const WIDTH = 46;
const RIGHT = WIDTH - 6;

/** What the rows are: the waiting requests, on a scale of their own, and the slots. */
export const SlotNumbers = ({ layout, mostWaiting }: SlotNumbersProps) => (
  <svg width={WIDTH} height={layout.height} className={classes.numbers} aria-hidden="true" focusable="false">
    <text x={RIGHT} y={10}>
      {formatWhole(mostWaiting)}
    </text>
    <text x={RIGHT} y={layout.band}>
      queue
    </text>
    {numberedSlots(layout).map((slot) => (
      <text key={slot} x={RIGHT} y={layout.top + slot * layout.lane + Math.max(8, (layout.lane + 7) / 2)}>
        {slot === 0 ? 'slot 1' : slot + 1}
      </text>
    ))}
  </svg>
);

interface SecondsProps {
  readonly windowMs: number;
  readonly end: string;
}

/** When. */
export function Seconds({ windowMs, end }: SecondsProps) {
  const step = windowMs > 5000 ? 2 : 1;
  const count = windowMs / 1000 / step;
  return (
    <p className={classes.seconds} aria-hidden="true">
      {Array.from({ length: count }, (_, index) => (count - index) * step).map((seconds) => (
        <span key={seconds}>−{seconds} s</span>
      ))}
      <span>{end}</span>
    </p>
  );
}

interface SlotLegendProps {
  readonly report: SlotReport | null;
}

/** Which colour is what, and how much of it there is. */
export function SlotLegend({ report }: SlotLegendProps) {
  const shares = report?.shares;
  const decoded = shares ? decodingOf(shares) : null;
  return (
    <ul className={kit.legend}>
      <Entry label="queue" figure={formatWhole(report?.queued)} swatch={<Block fill="queued" />} />
      <Entry label="sealed" figure={formatWhole(report?.sealed)} swatch={<Block fill="high" />} />
      <li>of slot time:</li>
      <Entry label="prefill" figure={formatShare(shares?.prefill)} swatch={<Block fill="violet" />} />
      <Entry label="decode" figure={formatShare(decoded?.decoding)} swatch={<Pair />} />
      <Entry label="of it wasted" figure={formatShare(decoded?.wasted)} swatch={<Hatch />} />
      <Entry label="free" figure={formatShare(shares?.free)} swatch={<Block fill="well" />} />
    </ul>
  );
}

interface EntryProps {
  readonly label: string;
  readonly figure: string;
  readonly swatch: ReactNode;
}

const Entry = ({ label, figure, swatch }: EntryProps) => (
  <li>
    <svg width="16" height="10" aria-hidden="true" focusable="false">
      {swatch}
    </svg>
    {label} <b className={classes.share}>{figure}</b>
  </li>
);

const Block = ({ fill }: { readonly fill: string }) => (
  <rect x="0.5" y="0.5" width="15" height="9" fill={`var(--hw-${fill})`} stroke="var(--hw-line-strong)" />
);

/** Two shades for neighbours. */
const Pair = () => (
  <>
    <rect width="8" height="10" fill="var(--hw-accent)" />
    <rect x="8" width="8" height="10" fill="var(--hw-decode)" />
  </>
);

function Hatch() {
  const id = useId();
  return (
    <>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--hw-lost-ground)" />
        <path d="M-1 7L7 -1M-1 1L1 -1M5 7L7 5" stroke="var(--hw-lost)" strokeWidth="2.2" />
      </pattern>
      <rect x="0.5" y="0.5" width="15" height="9" fill={`url(#${id})`} stroke="var(--hw-lost)" />
    </>
  );
}

interface SlotTableProps {
  readonly player: SlotPlayer;
  /** The rows are those of its time. */
  readonly report: SlotReport | null;
}

const MOST_ROWS = 20;

/** The requests in the picture: the same spans as figures. */
export function SlotTable({ player, report }: SlotTableProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new report is a later look at the same player
  const rows = useMemo(() => player.requests(), [player, report]);
  return (
    <div className={kit.scroll}>
      <table className={kit.table}>
        <caption>
          {formatWhole(Math.min(rows.length, MOST_ROWS))} of {formatWhole(rows.length)} requests in the
          picture, the latest first; ms
        </caption>
        <thead>
          <tr>
            <th scope="col">Request</th>
            <th scope="col">Slot</th>
            <th scope="col">Queue</th>
            <th scope="col">Prefill</th>
            <th scope="col">Decode</th>
            <th scope="col">Wasted</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, MOST_ROWS).map(({ request, slots, queueMs, prefillMs, decodeMs, wastedMs }) => (
            <tr key={request}>
              <th scope="row">{formatWhole(request)}</th>
              <td>{slots.map((slot) => slot + 1).join(', ')}</td>
              <td>{formatMs(queueMs)}</td>
              <td>{formatMs(prefillMs)}</td>
              <td>{formatMs(decodeMs)}</td>
              <td data-lost={wastedMs > 0 || undefined}>{formatMs(wastedMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
