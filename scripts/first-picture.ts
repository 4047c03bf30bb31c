import { writeFileSync } from 'node:fs';
import { simulatePicture } from './simulate-picture';

/** `npm run first-picture`: what a first visit sees until it has figures of its own. */
writeFileSync(new URL('../public/first-picture.json', import.meta.url), await simulatePicture());
