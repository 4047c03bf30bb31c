import type { Lesson } from './lesson';
import { headOfLine } from './lessons/head-of-line';
import { maxWait } from './lessons/max-wait';
import { overload } from './lessons/overload';
import { prefetchChannel } from './lessons/prefetch-channel';
import { whyBatch } from './lessons/why-batch';

/** In the order in which they build on each other. */
export const LESSONS: readonly Lesson[] = [whyBatch, maxWait, headOfLine, prefetchChannel, overload];
