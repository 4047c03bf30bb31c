import { type ReactNode, useId } from 'react';
import { formatShare, formatWhole } from '../../store/format';
import type { SlotReport } from './slot-player';
import classes from './timeline.module.css';

interface SlotLegendProps {
  readonly report: SlotReport | null;
}

/** Which colour is what, and how much of it there is. */
export function SlotLegend({ report }: SlotLegendProps) {
  const shares = report?.shares;
  return (
    <ul className={classes.legend}>
      <Entry label="queue" figure={formatWhole(report?.queued)} swatch={<Block fill="queued" />} />
      <Entry label="sealed" figure={formatWhole(report?.sealed)} swatch={<Block fill="high" />} />
      <Entry label="prefill" figure={formatShare(shares?.prefill)} swatch={<Block fill="violet" />} />
      <Entry label="decode" figure={formatShare(shares?.decode)} swatch={<Pair />} />
      <Entry label="wasted" figure={formatShare(shares?.wasted)} swatch={<Hatch />} />
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
    {label} <b>{figure}</b>
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
