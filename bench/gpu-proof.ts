import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../cli/progress';
import { revision } from '../scripts/revision';
import { isSynthetic } from '../src/model/synthetic/spec';
import { limitsOf } from './figures/limits';
import { look } from './measure-backend';
import type { BenchChoice } from './options';
import type { BenchPage, PageHost } from './page-host';
import { type PartResult, type ProofPart, type ProofResults, prove } from './proof';
import type {
  CeilingFigures,
  Measured,
  PeerFigures,
  PolicyFigures,
  Served,
  StepCell,
} from './report/benchmark';
import { ceilingsTable } from './report/ceilings-table';
import { figure, table } from './report/format';
import { peersTable } from './report/peers-table';
import { policiesTable } from './report/policies-table';
import { stepsTable } from './report/steps-table';
import type { Section } from './section';
import { measureCeilings } from './sections/ceilings';
import { measurePeers } from './sections/peers';
import { measurePolicies } from './sections/policies';
import { measureSteps } from './sections/steps';

/** `gpu-proof.json`. */
interface Proof {
  readonly revision: string;
  readonly browser: string;
  readonly results: ProofResults;
}

/** Models on which a GPU bends; the embedded one is too small for that. */
const LARGE = ['gpt2-124m', 'smollm2-135m'].flatMap((name) =>
  ['f16', 'q4'].map((dtype) => `synthetic:${name},dtype=${dtype}`),
);
const EMBEDDED = 'models/mini-gpt/';
/** Small enough for WASM, in each number format that a GPU serves. */
const SMALL = ['f32', 'f16', 'q4'].map((dtype) => `synthetic:tinystories-15m,dtype=${dtype}`);
const CONCURRENCY = [1, 4, 16, 64];
const OUTPUT_TOKENS = '2:48';

interface Facts {
  readonly served: Served;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
  readonly ceilings: CeilingFigures;
}

interface Agreement {
  readonly model: string;
  readonly same: number;
  readonly of: number;
}

interface Steps {
  readonly served: Served;
  readonly cells: readonly StepCell[];
}

/**
 * Everything that a short visit to a GPU must bring home, most valuable first, each part bounded and written as it ends. The
 * same command goes on where an earlier one was cut.
 * @returns whether each part has a result
 */
export async function gpuProof(choice: BenchChoice, host: PageHost, progress: Progress): Promise<boolean> {
  const file = join(choice.out, 'gpu-proof.json');
  const known: Proof | null = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null;
  const mine = revision();
  const earlier = known?.revision === mine ? known.results : {};
  mkdirSync(choice.out, { recursive: true });
  const write = (results: ProofResults) => {
    const proof: Proof = { revision: mine, browser: host.browser, results };
    writeFileSync(file, `${JSON.stringify(proof, null, 2)}\n`);
    writeFileSync(join(choice.out, 'gpu-proof.md'), proofMarkdown(proof));
  };
  const { results, left } = await prove(partsOf(choice, host, progress), {
    earlier,
    minutes: choice.minutes.webgpu,
    now: () => performance.now(),
    say: progress.say,
    write,
    abandon: host.closePages,
  });
  write(results);
  process.stdout.write(proofMarkdown({ revision: mine, browser: host.browser, results }));
  return left.length === 0 && Object.values(results).every((result) => 'ok' in result);
}

function partsOf(choice: BenchChoice, host: PageHost, progress: Progress): readonly ProofPart[] {
  const models = choice.modelGiven ? [choice.model] : LARGE;
  const first = choice.modelGiven ? choice.model : EMBEDDED;
  const urlOf = (model: string) => (isSynthetic(model) ? model : new URL(model, host.url).href);
  const section = (model: string, budgetMs: number): Section => ({
    kind: 'webgpu',
    url: urlOf(model),
    host,
    choice: { ...choice.page('webgpu'), model },
    progress,
    budgetMs,
  });
  const withPage = async <Result>(kind: Section['kind'], use: (page: BenchPage) => Promise<Result>) => {
    const page = await host.open(kind);
    try {
      return await use(page);
    } finally {
      await page.close();
    }
  };
  const answers = (kind: Section['kind'], model: string, concurrency: number, count: number) =>
    withPage(kind, async ({ measures }) => {
      const url = urlOf(model);
      const { contextLength } = await measures.open({
        url,
        backend: kind,
        capture: true,
        slots: concurrency,
      });
      const asked = { url, contextLength, count, outputTokens: OUTPUT_TOKENS, seed: 1 } as const;
      return measures.serve(await measures.requests(asked), concurrency);
    });
  const steps = (model: string): ProofPart => ({
    name: `decode steps, ${model}`,
    share: 2,
    run: async (budgetMs): Promise<Steps> => {
      const served = await look(section(model, budgetMs));
      return { served, cells: await measureSteps(section(model, budgetMs * 0.8)) };
    },
  });
  return [
    {
      name: 'adapter',
      share: 1,
      run: async (budgetMs): Promise<Facts> => {
        const served = await look(section(first, budgetMs));
        const facts = await withPage('webgpu', ({ measures }) => measures.adapterFacts());
        const ceilings = await measureCeilings(section(first, budgetMs / 2), served.model.weightBytes);
        return { served, ...facts, ceilings };
      },
    },
    {
      name: 'tokens equal to WASM',
      share: 1.5,
      run: async (): Promise<readonly Agreement[]> => {
        const { features } = await withPage('webgpu', ({ measures }) => measures.adapterFacts());
        const able = (model: string) => !model.includes('dtype=f16') || features.includes('shader-f16');
        const found: Agreement[] = [];
        for (const model of [first, ...(choice.modelGiven ? [] : SMALL)].filter(able)) {
          progress.show(`tokens of ${model}`);
          const gpu = await answers('webgpu', model, 8, 16);
          const wasm = await answers('wasm', model, 8, 16);
          const same = gpu.tokens.filter((tokens, i) => `${tokens}` === `${wasm.tokens[i]}`).length;
          found.push({ model, same, of: wasm.tokens.length });
        }
        return found;
      },
    },
    ...models.slice(0, 1).map(steps),
    {
      name: 'concurrent requests',
      share: 1.5,
      run: async () => {
        const rates: { concurrency: number; tokensPerS: number }[] = [];
        for (const concurrency of CONCURRENCY) {
          const { elapsedMs, tokens } = await answers(
            'webgpu',
            first,
            concurrency,
            Math.max(8, 2 * concurrency),
          );
          rates.push({ concurrency, tokensPerS: (1000 * tokens.flat().length) / elapsedMs });
        }
        return rates;
      },
    },
    ...models.slice(1).map(steps),
    {
      name: 'policies',
      share: 2.5,
      run: async (budgetMs) => {
        const { pace, model } = await look(section(first, budgetMs));
        return { model, figures: await measurePolicies(section(first, budgetMs * 0.7), pace) };
      },
    },
    ...(isSynthetic(first)
      ? []
      : [
          {
            name: 'transformers.js',
            share: 2,
            run: async (budgetMs: number) => {
              const { pace } = await look(section(first, budgetMs));
              return measurePeers(section(first, budgetMs * 0.7), pace);
            },
          },
        ]),
  ];
}

function proofMarkdown({ revision: of, browser, results }: Proof): string {
  const facts = results.adapter;
  const ceilings: Measured<CeilingFigures> | null =
    facts && 'ok' in facts ? { ok: (facts.ok as Facts).ceilings } : null;
  const title = facts && 'ok' in facts ? (facts.ok as Facts).served.adapter.name : 'the adapter is not known';
  const parts = Object.entries(results).flatMap(([name, result]) => [
    `## ${name}`,
    'ok' in result
      ? show(name, result, ceilings)
      : `Failed after ${figure(result.seconds)} s: ${result.failed}`,
  ]);
  return `${[`# ${title}, ${browser}, revision ${of}`, ...parts].join('\n\n')}\n`;
}

function show(
  name: string,
  result: PartResult & { readonly ok: unknown },
  ceilings: Measured<CeilingFigures> | null,
) {
  if (name === 'adapter') {
    const { features, limits, ceilings: found } = result.ok as Facts;
    const bytes = ['maxBufferSize', 'maxStorageBufferBindingSize', 'maxComputeWorkgroupStorageSize'];
    return [
      `Features: ${features.join(', ')}.`,
      `Limits: ${bytes.map((limit) => `${limit} ${limits[limit] ?? '–'}`).join(', ')}.`,
      ceilingsTable(found),
    ].join('\n\n');
  }
  if (name === 'tokens equal to WASM') {
    const rows = (result.ok as readonly Agreement[]).map(({ model, same, of }) => [
      model,
      `${same} of ${of}`,
    ]);
    return table(['model', 'answers equal'], rows);
  }
  if (name === 'concurrent requests') {
    const rates = result.ok as readonly { concurrency: number; tokensPerS: number }[];
    return table(
      ['concurrent requests', 'tokens/s'],
      rates.map(({ concurrency, tokensPerS }) => [`${concurrency}`, figure(tokensPerS)]),
    );
  }
  if (name === 'policies') {
    const { model, figures } = result.ok as { model: Served['model']; figures: PolicyFigures };
    return policiesTable(figures, model, null);
  }
  if (name === 'transformers.js') return peersTable(result.ok as PeerFigures);
  const { served, cells } = result.ok as Steps;
  return stepsTable(cells, served.model, limitsOf(served, ceilings));
}
