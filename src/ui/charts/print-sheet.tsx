import { type LegendEntry, SWATCH } from './legend-entries';
import type { Box } from './place-labels';

/** What stands around the charts on a printed sheet. */
export interface SheetWords {
  readonly title: string;
  /** Whose plot it is, and how to read it. */
  readonly subtitle: string;
  readonly legend: readonly LegendEntry[];
  readonly smallPrint: readonly string[];
}

interface PrintSheetProps extends SheetWords {
  readonly width: number;
  /** The charts' part of the sheet. */
  readonly chartsHeight: number;
  /** Words of each chart, where there are several. */
  readonly captions: readonly { readonly place: Box; readonly text: string }[];
}

export const SHEET_MARGIN = 20;
const HEAD = 62;
const LEGEND_LINE = 20;
const FOOT_LINE = 15;
const GLYPH = 6.3;

/** One picture for print as SVG, but for its charts, which are laid into it afterwards. */
export function PrintSheet(props: PrintSheetProps) {
  const { title, subtitle, legend, smallPrint, width, chartsHeight, captions } = props;
  const entries = legendPlaces(legend, width - 2 * SHEET_MARGIN);
  const top = chartsTop(legend, width);
  const height = sheetHeight(props);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} xmlns="http://www.w3.org/2000/svg">
      <title>{title}</title>
      <rect width={width} height={height} fill="var(--hw-panel)" />
      <text x={SHEET_MARGIN} y={32} fontSize={19} fontWeight={650} fill="var(--hw-text)">
        {title}
      </text>
      <text x={SHEET_MARGIN} y={52} fontSize={12.5} fill="var(--hw-muted)">
        {subtitle}
      </text>
      {legend.map(({ label, swatch }, index) => {
        const place = entries[index];
        return place ? (
          <g key={label} transform={`translate(${SHEET_MARGIN + place.x} ${HEAD + place.y})`}>
            {swatch}
            <text x={SWATCH.width + 8} y={13} fontSize={12} fill="var(--hw-text)">
              {label}
            </text>
          </g>
        ) : null;
      })}
      {captions.map(({ place, text }) => (
        <text
          key={text}
          x={SHEET_MARGIN + place.x + 12}
          y={top + place.y - 4}
          fontSize={12}
          fill="var(--hw-text)"
        >
          {text}
        </text>
      ))}
      {smallPrint.map((line, index) => (
        <text
          key={line}
          x={SHEET_MARGIN}
          y={top + chartsHeight + 22 + index * FOOT_LINE}
          fontSize={10.5}
          fill="var(--hw-muted)"
        >
          {line}
        </text>
      ))}
    </svg>
  );
}

/** Where the charts begin, under title and legend. */
export function chartsTop(legend: readonly LegendEntry[], width: number): number {
  const last = legendPlaces(legend, width - 2 * SHEET_MARGIN).at(-1);
  return HEAD + (last ? last.y + LEGEND_LINE : 0) + 8;
}

const sheetHeight = ({
  legend,
  width,
  chartsHeight,
  smallPrint,
}: Pick<PrintSheetProps, 'legend' | 'width' | 'chartsHeight' | 'smallPrint'>): number =>
  chartsTop(legend, width) + chartsHeight + smallPrint.length * FOOT_LINE + 22;

/** Entries side by side, in as many lines as they need. */
function legendPlaces(
  legend: readonly LegendEntry[],
  width: number,
): readonly { readonly x: number; readonly y: number }[] {
  let [x, y] = [0, 0];
  return legend.map(({ label }) => {
    const own = SWATCH.width + 8 + label.length * GLYPH + 18;
    if (x > 0 && x + own > width) [x, y] = [0, y + LEGEND_LINE];
    const place = { x, y };
    x += own;
    return place;
  });
}
