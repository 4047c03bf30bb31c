import type { GeneratePrompt } from '../../src/client/load-control';

/** Sentences of very different lengths, as a learner writes them, so that batches are ragged. */
const SENTENCES = [
  'She go to school every day.',
  'He have two cat.',
  'Yesterday I buy a new books for my sister because she like to read in the evening.',
  'They was late.',
  'I am agree with you.',
  'The childrens is playing in the garden with an old dog and three small cat.',
  'We has finished.',
  'My brother do not eats meat.',
  'There is many people in the room.',
  'It rain yesterday.',
  'Where you are going?',
  'He is more taller than his father, but his mother are the tallest of the family.',
  'I seen him last week.',
  'An book is on table.',
  'She can sings.',
  'The informations are useful for us.',
];

export const prompts = (count: number, maxNewTokens: number): readonly GeneratePrompt[] =>
  SENTENCES.slice(0, count).map((prompt, i) => ({ id: `p${i}`, prompt, max_new_tokens: maxNewTokens }));
