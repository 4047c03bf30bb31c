import type { MarkShape } from './series-style';

interface MarkProps {
  readonly shape: MarkShape;
  readonly x: number;
  readonly y: number;
  readonly color: string;
  /** Outlined instead of filled. */
  readonly hollow?: boolean;
}

const SIZE = 4.5;

/** One point of a series. */
export function Mark({ shape, x, y, color, hollow = false }: MarkProps) {
  const open = hollow || shape === 'ring';
  const paint = { fill: open ? 'var(--hw-panel)' : color, stroke: color, strokeWidth: 1.75 };
  switch (shape) {
    case 'circle':
    case 'ring':
      return <circle cx={x} cy={y} r={SIZE} {...paint} />;
    case 'square':
      return <rect x={x - 4} y={y - 4} width={8} height={8} {...paint} />;
    case 'triangle':
      return <path d={`M${x} ${y - 5.5}l5.5 9.5h-11z`} {...paint} />;
    case 'diamond':
      return <path d={`M${x} ${y - 6}l6 6l-6 6l-6 -6z`} {...paint} />;
    case 'frame':
      return <path d={`M${x} ${y - 8}l8 8l-8 8l-8 -8z`} fill="none" stroke={color} strokeWidth={1.75} />;
    case 'cross':
      return <path d={`M${x - 4} ${y - 4}l8 8m0 -8l-8 8`} fill="none" stroke={color} strokeWidth={2.5} />;
  }
}
