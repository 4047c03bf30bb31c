/** What all charts share. Colours are CSS variables, so that a change of scheme needs no new render. */
export const AXIS = {
  stroke: 'var(--hw-line-strong)',
  tick: { fill: 'var(--hw-muted)', fontSize: 11 },
  tickLine: { stroke: 'var(--hw-line-strong)' },
} as const;

export const GRID_STROKE = 'var(--hw-grid)';
