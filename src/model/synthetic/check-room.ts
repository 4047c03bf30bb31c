import { HeadwayError } from '../../core/errors';
import { checkCache, fitOf, type ModelNeed, type Room, saying } from '../fit';
import { DTYPES, shapeProblem } from '../onnx/decoder-shape';
import { memoryNeed } from './memory';
import { PRESETS } from './presets';
import { formatSynthetic, parseSynthetic, type SyntheticModel } from './spec';

/**
 * Refuses a model before anything is made of it.
 * @param slots sequences that the cache has to hold
 * @throws HeadwayError `model-unsupported`, `model-too-large`, `cache-too-large`: what was asked, the limit, what would fit
 */
export function checkRoom(model: SyntheticModel, slots: number, room: Room): void {
  if (!computes(model, room)) {
    throw new HeadwayError(
      'model-unsupported',
      `${formatSynthetic(model)} computes in 16 bits, for which this adapter lacks shader-f16. Choose dtype f32 or q4.`,
    );
  }
  const need = syntheticNeed(model);
  const { weights } = fitOf(need, slots, room);
  if (weights.asked > weights.limit) {
    const smaller = alternatives(model).find((other) => fits(other, room));
    const advice = smaller ? `${formatSynthetic(smaller)} would fit.` : 'No preset would fit.';
    throw new HeadwayError(
      'model-too-large',
      `${formatSynthetic(model)} needs ${saying(weights)}. ${advice}`,
    );
  }
  checkCache(formatSynthetic(model), need, slots, room);
}

function syntheticNeed({ shape, dtype }: SyntheticModel): ModelNeed {
  return { ...memoryNeed(shape, dtype), kind: dtype, context: shape.context };
}

const computes = ({ dtype }: SyntheticModel, room: Room) =>
  dtype !== 'f16' || room.kind === 'wasm' || room.f16;

/** The same sizes in another dtype, then the presets from the largest on. */
function alternatives(model: SyntheticModel): readonly SyntheticModel[] {
  const presets = PRESETS.toReversed().map(({ name }) => parseSynthetic(`synthetic:${name}`));
  return [model, ...presets].flatMap((each) => DTYPES.map((dtype) => ({ ...each, dtype })));
}

function fits(model: SyntheticModel, room: Room): boolean {
  const { weights } = fitOf(syntheticNeed(model), 1, room);
  return (
    computes(model, room) && shapeProblem(model.shape, model.dtype) === null && weights.asked <= weights.limit
  );
}
