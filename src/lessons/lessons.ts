import { headOfLine } from './head-of-line';
import type { Lesson } from './lesson';
import { maxWait } from './max-wait';
import { overload } from './overload';
import { prefetchChannel } from './prefetch-channel';
import { whyBatch } from './why-batch';

/** In the order in which they build on each other. */
export const LESSONS: readonly Lesson[] = [whyBatch, maxWait, headOfLine, prefetchChannel, overload];
