import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { headway } from './headway';

const folder = mkdtempSync(join(tmpdir(), 'headway-arguments-'));

afterEach(() => void vi.restoreAllMocks());

/** Captures what the command writes. */
function said(stream: NodeJS.WriteStream): () => string {
  const written = vi.spyOn(stream, 'write').mockReturnValue(true);
  return () => written.mock.calls.map(([text]) => String(text)).join('');
}

describe('what cannot be done is refused before a browser starts', () => {
  const broken = join(folder, 'broken.jsonl');
  writeFileSync(broken, '{"id":"a","prompt":"x"}\n{"id":');
  const wrong = join(folder, 'wrong.csv');
  writeFileSync(wrong, 'arrived_at,num_prefill_tokens,num_decode_tokens\n0,4,4\n1,four,4\n');
  const badGrid = join(folder, 'bad-grid.json');
  writeFileSync(badGrid, '{"grid":{"maxBatch":[8,257]}}');
  const tracedGrid = join(folder, 'traced-grid.json');
  writeFileSync(tracedGrid, '{"base":{"arrival":"trace"},"grid":{"maxBatch":[1,8]}}');
  const good = join(folder, 'good.csv');
  writeFileSync(good, 'arrived_at,num_prefill_tokens,num_decode_tokens\n0,4,4\n');
  const markedGrid = join(folder, 'marked-grid.json');
  writeFileSync(markedGrid, '\uFEFF{"grid":{"maxBatch":[8,257]}}\r\n');
  const dated = join(folder, 'dated.csv');
  writeFileSync(dated, 'TIMESTAMP,ContextTokens,GeneratedTokens\n2024-01-01T00:00:00Z,9,4\n');
  for (const [line, says] of [
    ['', 'bench, sweep, predict, generate, serve, doctor'],
    ['bake', 'bench, sweep, predict, generate, serve, doctor'],
    ['bench --max-batch 0', 'a whole number from 1 to 256'],
    ['bench --max-bach 4', '--max-batch'],
    ['bench --policy clever', 'sequential, static, continuous'],
    ['bench --adapter nvidia', 'auto, hardware, software'],
    ['bench --backend wasm --adapter hardware', '--adapter hardware is for WebGPU'],
    ['doctor --model synthetic:gpt9', 'tinystories-15m, tinystories-42m, gpt2-124m'],
    ['doctor --headed', '--headed'],
    ['bench --wasm-threads 65', 'auto or a whole number from 1 to 64'],
    ['bench --backend cuda', 'auto, webgpu, wasm'],
    ['bench --model synthetic:gpt9', 'tinystories-15m, tinystories-42m, gpt2-124m'],
    [`bench --trace ${wrong}`, 'wrong.csv, line 3: num_prefill_tokens must be a whole number from 0'],
    [`bench --trace ${broken}`, 'broken.jsonl, line 1: these are the columns of no known trace'],
    [`bench --trace ${join(folder, 'nowhere.csv')}`, 'nowhere.csv'],
    ['bench --arrival trace', '--trace FILE'],
    ['sweep', '--preset or --grid must be given, exactly one of the two; given: neither'],
    ['sweep --preset lab-03', 'lab-02, lab-02-low-load'],
    ['sweep --preset lab-02 --repeats 0', 'a whole number from 1 to 100'],
    [`sweep --grid ${broken}`, 'broken.jsonl'],
    [
      `sweep --grid ${badGrid}`,
      'bad-grid.json, grid.maxBatch[1] must be a whole number from 1 to 256; given: 257',
    ],
    [`sweep --grid ${tracedGrid}`, 'they need --trace FILE'],
    [`sweep --preset lab-02 --trace ${good}`, 'there is none'],
    [`sweep --grid ${markedGrid}`, 'marked-grid.json, grid.maxBatch[1] must be a whole number'],
    ['bench --arrival \u001b[31mred', 'given: "\\u001b[31mred"'],
    ['bench --rate 5 --arrival closed', 'rate (--rate) 5 has no effect on arrival (--arrival) closed'],
    [`bench --trace ${dated} --trace-unit s`, 'dated.csv, whose times are dates; allowed: auto'],
    ['generate', '--prompts'],
    [`generate --prompts ${join(folder, 'nowhere.jsonl')}`, 'nowhere.jsonl'],
    [`generate --prompts ${broken}`, 'line 2'],
  ] as const) {
    test(`headway ${line.replace(folder, '…')}`, async () => {
      const [stdout, stderr] = [said(process.stdout), said(process.stderr)];
      expect(await headway(line.split(' ').filter(Boolean))).toBe(2);
      expect(stderr()).toContain(says);
      expect(stdout()).toBe('');
    });
  }
});
