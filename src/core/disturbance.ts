/** What spoils a measurement from outside of its settings. */
export const DISTURBANCES = ['tab-hidden', 'other-tab'] as const;
export type Disturbance = (typeof DISTURBANCES)[number];

/** Ends a sentence that begins with what was measured. */
export const DISTURBED_WORDS: Readonly<Record<Disturbance, string>> = {
  'tab-hidden': 'while its tab was hidden',
  'other-tab': 'while another tab of the page was at work',
};

/** "while its tab was hidden and while another tab of the page was at work"; empty for none. */
export const disturbedWords = (disturbed: readonly Disturbance[]): string =>
  DISTURBANCES.filter((one) => disturbed.includes(one))
    .map((one) => DISTURBED_WORDS[one])
    .join(' and ');
