/**
 * Arrivals fall on whole multiples of 2⁻¹⁰ ms. Both a moment of our days in ms since 1970 and a time since the load began
 * hold such a fraction exactly, so two runs of one seed have the same times between their arrivals to the last digit,
 * whenever they begin.
 */
const PER_MS = 1024;

/** The nearest such time, ms. */
export const onGrid = (ms: number) => Math.round(ms * PER_MS) / PER_MS;
