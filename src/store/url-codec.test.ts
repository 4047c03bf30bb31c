import { describe, expect, it } from 'vitest';
import { START_SETTINGS } from './settings';
import { decodeSettings, encodeSettings } from './url-codec';

const decode = (query: string) => decodeSettings(query, START_SETTINGS);

describe('decodeSettings', () => {
  it('gives the start settings for an empty link', () => {
    expect(decode('')).toEqual({
      settings: START_SETTINGS,
      autostart: true,
      hasSettings: false,
      showMe: false,
      embed: null,
      problems: [],
    });
  });

  it('reads every setting under its command line name', () => {
    const query =
      '?model=models/other/&backend=wasm&wasm-threads=2&policy=static&max-batch=16&max-wait-ms=2.5&max-queue=64&max-prefill-tokens-per-step=256&max-batch-tokens=900&micro-batch-size=2&max-micro-batches=5&channel-capacity=0&timeout-ms=800&cancel-check-every=3&aging-ms=250' +
      '&arrival=closed&concurrency=32&think-time-ms=250&rate=7&burstiness=0.5&ramp-from-rate=2&ramp-s=12&spike-factor=3&spike-start-s=4&spike-duration-s=6&spike-every-s=20&time-scale=0.1&trace-from-s=60&trace-to-s=90&trace-unit=ms&output-tokens=2:48&prompt-tokens=16&temperature=0.7&top-k=40&top-p=0.95&sequences=2&urgent-share=0.1&abandon-share=0.2&abandon-after-ms=300&seed=9&slo-p95-ms=250&slo-ttft-ms=off&slo-tpot-ms=30&slo-itl-p99-ms=80.5&autostart=off';
    const { settings, autostart, problems } = decode(query);
    expect(problems).toEqual([]);
    expect(autostart).toBe(false);
    expect(settings).toEqual({
      model: 'models/other/',
      backend: 'wasm',
      wasmThreads: 2,
      serving: {
        policy: 'static',
        maxBatch: 16,
        maxWaitMs: 2.5,
        maxQueue: 64,
        maxBatchTokens: 900,
        microBatchSize: 2,
        maxMicroBatches: 5,
        channelCapacity: 0,
        timeoutMs: 800,
        cancelCheckEvery: 3,
        agingMs: 250,
        maxPrefillTokensPerStep: 256,
      },
      load: {
        arrival: 'closed',
        concurrency: 32,
        thinkTimeMs: 250,
        rate: 7,
        burstiness: 0.5,
        rampFromRate: 2,
        rampS: 12,
        spikeFactor: 3,
        spikeStartS: 4,
        spikeDurationS: 6,
        spikeEveryS: 20,
        timeScale: 0.1,
        traceFromS: 60,
        traceToS: 90,
        traceUnit: 'ms',
        outputTokens: '2:48',
        promptTokens: 16,
        temperature: 0.7,
        topK: 40,
        topP: 0.95,
        sequences: 2,
        urgentShare: 0.1,
        abandonShare: 0.2,
        abandonAfterMs: 300,
        seed: 9,
      },
      slo: { p95Ms: 250, ttftMs: null, tpotMs: 30, itlP99Ms: 80.5 },
    });
  });

  it('takes a rate alone for Poisson arrivals, and leaves an arrival that is said as it is', () => {
    expect(decode('?rate=20').settings.load).toMatchObject({ arrival: 'poisson', rate: 20 });
    expect(decode('?rate=20&arrival=constant').settings.load).toMatchObject({
      arrival: 'constant',
      rate: 20,
    });
    // Links of the page say every setting, of whatever use.
    expect(decode('?rate=20&arrival=closed')).toMatchObject({
      settings: { load: { arrival: 'closed', rate: 20 } },
      problems: [],
    });
  });

  it('refuses hexadecimal numbers', () => {
    const { settings, problems } = decode('?concurrency=0x10&slo-p95-ms=0x64');
    expect(settings).toEqual(START_SETTINGS);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/--concurrency.*"0x10"/),
      expect.stringMatching(/--slo-p95-ms.*"0x64"/),
    ]);
  });

  it('keeps the start value for one that is not allowed, and names what was given and what is allowed', () => {
    const { settings, problems } = decode('?max-batch=999&policy=first-come&concurrency=&output-tokens=eos');
    expect(settings).toEqual(START_SETTINGS);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/policy.*sequential, static.*"first-come"/),
      expect.stringMatching(/--max-batch.*1 to 256.*999/),
      expect.stringMatching(/--concurrency.*""/),
    ]);
  });

  it('keeps a model that there is not, so that loading it says so and no other is measured for it', () => {
    const { settings, problems } = decode('?model=https://elsewhere.example/m/');
    expect(settings.model).toBe('https://elsewhere.example/m/');
    expect(problems).toEqual([]);
  });

  it.each([
    ['backend=cuda', /auto, webgpu, wasm.*"cuda"/],
    ['autostart=maybe', /on, off.*"maybe"/],
    ['slo-p95-ms=-1', /off or a number.*"-1"/],
    ['embed=all', /demo, chart, race.*"all"/],
    ['v=99', /version "99" is not known; this page knows 1/],
    ['arrival=spike&spike-every-s=2&spike-duration-s=5', /else no spike ever ends.*as on a first visit/],
    ['max-bach=2', /no setting "max-bach".*max-batch/],
  ])('names what is wrong with %s', (query, says) => {
    const { settings, problems } = decode(`?${query}`);
    expect(settings).toEqual(START_SETTINGS);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message).toMatch(says);
  });
});

describe('encodeSettings', () => {
  it('gives a link that reproduces the settings', () => {
    const settings = {
      ...START_SETTINGS,
      model: 'models/my model/',
      serving: { ...START_SETTINGS.serving, maxWaitMs: 0.5 },
      slo: { p95Ms: null, ttftMs: 80 },
    };
    expect(decode(`?${encodeSettings(settings)}`)).toMatchObject({
      settings,
      hasSettings: true,
      problems: [],
    });
  });

  it('writes only what differs from its version, and always what was measured', () => {
    expect(encodeSettings(START_SETTINGS)).toBe('v=1&rate=5&output-tokens=eos');
    const serving = { ...START_SETTINGS.serving, policy: 'static' as const };
    expect(encodeSettings({ ...START_SETTINGS, serving })).toBe('v=1&policy=static&rate=5&output-tokens=eos');
  });

  it('keeps its meaning when the start settings change', () => {
    const later = { ...START_SETTINGS, serving: { ...START_SETTINGS.serving, maxBatch: 64 } };
    const { settings } = decodeSettings(`?${encodeSettings(START_SETTINGS)}`, later);
    expect(settings).toEqual(START_SETTINGS);
  });

  it('says that a page is shown alone or begins with the 30 seconds', () => {
    expect(decode('?embed=chart&show-me=on')).toMatchObject({ embed: 'chart', showMe: true, problems: [] });
    expect(decode('?autostart=off').hasSettings).toBe(false);
  });
});
