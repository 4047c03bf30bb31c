import type { AdapterChoice } from '../cli/browser/choose';
import { ADAPTER, type PageChoice, pageChoice, WASM_THREADS } from '../cli/common-options';
import { flag, type Option, options, text, type Values } from '../cli/option';
import { UsageError } from '../cli/usage-error';
import type { ChoiceParameter, NumberParameter } from '../src/core/parameter';
import type { WasmThreads } from '../src/core/wasm-threads';
import type { Kind } from './measures';

const USUAL_SECTIONS = ['ceilings', 'steps', 'full-copy', 'policies', 'peers'] as const;
/** `chunks` takes three minutes whatever it is given, with a model of its own. */
export const SECTIONS = [...USUAL_SECTIONS, 'chunks'] as const;
export type SectionName = (typeof SECTIONS)[number];

const BACKEND: ChoiceParameter = {
  name: 'backend',
  flag: '--backend',
  label: 'Backend',
  kind: 'choice',
  choices: ['wasm', 'webgpu', 'both'],
  default: 'both',
  help: 'What computes: each in fresh browsers, one after the other.',
};

const MINUTES: NumberParameter = {
  name: 'minutes',
  flag: '--minutes',
  label: 'Minutes',
  kind: 'number',
  min: 0.2,
  max: 240,
  unit: 'min',
  default: Number.NaN,
  stops: [],
  help: 'About how long each backend may take. Off: 5 on WASM, 14 on WebGPU, of which a real GPU needs few.',
};

export const BENCH_OPTIONS: readonly Option[] = [
  ...options({ BACKEND, ADAPTER, MINUTES }),
  WASM_THREADS,
  flag(
    '--gpu-proof',
    'All that a short visit to a GPU must bring home, most valuable first, within --minutes (default 14); the same command goes on where it was cut.',
  ),
  flag('--quick', 'A quarter of the time: rougher figures.'),
  text('--only', 'SECTIONS', `Some of ${SECTIONS.join(',')}, with commas between. Default: all but chunks.`),
  text(
    '--model',
    'NAME',
    'A directory under public/models/, or a synthetic model such as synthetic:gpt2-124m,dtype=f16 (docs/models.md). Default: mini-gpt.',
  ),
  text('--out', 'DIR', 'Where benchmark.md and benchmark.json go. Default: test-results/benchmark.'),
  flag('--docs', 'Writes the table into docs/benchmark.md, too.'),
  flag('--headed', 'Shows the browser window.'),
  flag('--help', 'Prints this.'),
];

export interface BenchChoice {
  readonly backends: readonly Kind[];
  readonly sections: readonly SectionName[];
  /** As the page takes it. */
  readonly model: string;
  /** Whether --model was given. */
  readonly modelGiven: boolean;
  readonly gpuProof: boolean;
  readonly adapter: AdapterChoice;
  readonly headed: boolean;
  readonly wasmThreads: WasmThreads;
  readonly minutes: Readonly<Record<Kind, number>>;
  readonly out: string;
  readonly docs: boolean;
  /** For the production page. */
  readonly page: (backend: Kind) => PageChoice;
}

const STANDARD_MINUTES: Readonly<Record<Kind, number>> = { wasm: 5, webgpu: 14 };

/** @throws UsageError for a section or a model that there is not */
export function benchChoice(values: Values): BenchChoice {
  const backend = values.get('--backend') ?? BACKEND.default;
  const page = pageChoice(values);
  const model = page.model ?? 'models/mini-gpt/';
  const part = values.has('--quick') ? 0.25 : 1;
  const given = values.get('--minutes');
  const gpuProof = values.has('--gpu-proof');
  // A proof of a GPU is of hardware unless the software adapter is named.
  const adapter = gpuProof && page.adapter === 'auto' ? 'hardware' : page.adapter;
  const minutes = (kind: Kind) => part * (typeof given === 'number' ? given : STANDARD_MINUTES[kind]);
  return {
    backends: backend === 'both' ? ['wasm', 'webgpu'] : [backend as Kind],
    sections: sectionsOf(values.get('--only')),
    model,
    modelGiven: page.model !== null,
    gpuProof,
    adapter,
    headed: page.headed,
    wasmThreads: page.wasmThreads,
    minutes: { wasm: minutes('wasm'), webgpu: minutes('webgpu') },
    out: String(values.get('--out') ?? `test-results/${gpuProof ? 'gpu-proof' : 'benchmark'}`),
    docs: values.has('--docs'),
    page: (kind) => ({ ...page, backend: kind, adapter: kind === 'wasm' ? 'auto' : adapter }),
  };
}

function sectionsOf(only: unknown): readonly SectionName[] {
  if (typeof only !== 'string') return USUAL_SECTIONS;
  return only.split(',').map((name) => {
    const section = SECTIONS.find((candidate) => candidate === name.trim());
    if (section) return section;
    throw new UsageError(
      `--only must name some of ${SECTIONS.join(', ')}, with commas between; given: "${only}".`,
    );
  });
}
