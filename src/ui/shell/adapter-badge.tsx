import { Tooltip } from '@mantine/core';
import type { Adapter } from '../../core/backend';
import classes from './shell.module.css';

interface AdapterBadgeProps {
  readonly adapter: Adapter;
}

/** What really computes, so that no figure passes for another machine's. */
export function AdapterBadge({ adapter }: AdapterBadgeProps) {
  const { word, means } = SAYS[adapter.software ? 'software' : adapter.kind];
  return (
    <Tooltip label={`${adapter.name}. ${means}`}>
      <button type="button" className={classes.badge} data-real={word === 'GPU' || undefined}>
        {word}
      </button>
    </Tooltip>
  );
}

const SAYS = {
  webgpu: { word: 'GPU', means: 'WebGPU on a real graphics adapter.' },
  software: {
    word: 'Software GPU',
    means: 'WebGPU computed on the CPU: figures say nothing about a graphics card.',
  },
  wasm: { word: 'CPU (WASM)', means: 'WebAssembly on the CPU: figures say nothing about a graphics card.' },
  simulated: { word: 'Simulated', means: 'Not a measurement.' },
} as const;
