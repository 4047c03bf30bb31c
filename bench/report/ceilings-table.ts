import type { CeilingFigures } from './benchmark';
import { figure, scaled, table } from './format';

export function ceilingsTable(ceilings: CeilingFigures): string {
  return table(['ceiling', 'measured'], ceilings.kind === 'webgpu' ? gpuRows(ceilings) : wasmRows(ceilings));
}

function gpuRows(c: CeilingFigures & { readonly kind: 'webgpu' }): readonly (readonly [string, string])[] {
  const size = scaled(c.copyBytes, 'B');
  return [
    [`copy by a compute shader, ${size}, read + write`, scaled(c.shaderCopy, 'B/s')],
    [`copy by copyBufferToBuffer, ${size}, read + write`, scaled(c.bufferCopy, 'B/s')],
    ['multiply-adds, f32', scaled(c.flopF32, 'FLOP/s')],
    ['multiply-adds, f16', c.flopF16 === null ? 'no shader-f16' : scaled(c.flopF16, 'FLOP/s')],
    ['a dispatch after a dispatch', `${figure(c.dispatchMs * 1000)} µs`],
    ['an empty submission, until it is done', `${figure(c.submitMs)} ms`],
    ['an 8-byte read-back', `${figure(c.readBackMs)} ms`],
  ];
}

function wasmRows(c: CeilingFigures & { readonly kind: 'wasm' }): readonly (readonly [string, string])[] {
  return [
    ['copy of as much as a step reads, read + write', scaled(c.stepCopy, 'B/s')],
    ['copy of 67 MB, read + write', scaled(c.largeCopy, 'B/s')],
    [
      `MatMul of 512 × 512, f32, ${c.threads} ${c.threads === 1 ? 'thread' : 'threads'}`,
      scaled(c.flopF32, 'FLOP/s'),
    ],
    ['a run of a graph that does nothing', `${figure(c.runMs * 1000)} µs`],
  ];
}
