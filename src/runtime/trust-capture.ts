import { type Backend, decodeRows, promptRow } from '../core/backend';
import type { WebGpuEngine } from './webgpu-engine';

const STEPS = 3;

/**
 * Turns on graph capture if it gives the tokens that it gives without: recorded (the first step) and replayed (the rest).
 * @returns why it stays off, as a sentence; null when it is on
 */
export async function trustCapture(engine: WebGpuEngine, backend: Backend): Promise<string | null> {
  const plain = await answers(backend);
  engine.capture = true;
  try {
    const captured = await answers(backend);
    if (captured === plain) return null;
    engine.capture = false;
    return `Served without graph capture: it gave other tokens (${captured} for ${plain}).`;
  } catch (error) {
    engine.capture = false;
    return `Served without graph capture: ${(error as Error).message}`;
  }
}

/** Two prompts of different lengths, and what follows them. */
async function answers(backend: Backend): Promise<string> {
  const { vocabularySize } = backend.capabilities;
  const prompt = (slot: number, length: number) =>
    promptRow(
      slot,
      Array.from({ length }, (_, i) => (11 + 37 * i * length) % vocabularySize),
    );
  const said = [await backend.step([prompt(0, 5), prompt(1, 3)])];
  for (let step = 0; step < STEPS; step++) said.push(await backend.step(decodeRows([0, 1])));
  return said.join(' ');
}
