/** Features and limits of an adapter that decide what Headway can serve on it, and how fast. */
export const FEATURES = ['shader-f16', 'subgroups', 'timestamp-query'] as const;
export const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxComputeWorkgroupStorageSize',
] as const;

export interface AdapterFacts {
  readonly name: string;
  /** Whether the browser or the name says that it computes on the CPU. */
  readonly software: boolean;
  /** Why a small compute shader on it gave no or a wrong result; null where it was right. */
  readonly fault: string | null;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/** What a page says of the browser that shows it. */
export interface PageFacts {
  readonly webgpu: boolean;
  readonly adapter: AdapterFacts | null;
  readonly isolated: boolean;
  readonly cores: number;
  /** Whether WebAssembly with SIMD, which onnxruntime needs, is there. */
  readonly wasm: boolean;
  readonly hubReachable: boolean;
}

/** The part of WebGPU that is used here: Node's types have none of it. */
interface Gpu {
  requestAdapter(options: object): Promise<Adapter | null>;
}
interface Adapter {
  readonly info: Readonly<Record<'vendor' | 'architecture' | 'device' | 'description', string>> & {
    readonly isFallbackAdapter: boolean;
  };
  readonly features: Iterable<string>;
  readonly limits: Readonly<Record<string, number>>;
  requestDevice(): Promise<Device>;
}
interface Buffer {
  mapAsync(mode: number): Promise<void>;
  getMappedRange(): ArrayBuffer;
}
interface Encoder {
  beginComputePass(): {
    setPipeline(pipeline: object): void;
    setBindGroup(index: number, group: object): void;
    dispatchWorkgroups(count: number): void;
    end(): void;
  };
  copyBufferToBuffer(from: Buffer, fromOffset: number, to: Buffer, toOffset: number, size: number): void;
  finish(): object;
}
interface Device {
  readonly queue: { submit(commands: readonly object[]): void };
  createBuffer(descriptor: object): Buffer;
  createShaderModule(descriptor: object): object;
  createComputePipeline(descriptor: object): { getBindGroupLayout(index: number): object };
  createBindGroup(descriptor: object): object;
  createCommandEncoder(): Encoder;
}
interface PageGlobals {
  readonly navigator: { readonly gpu?: Gpu; readonly hardwareConcurrency: number };
  readonly crossOriginIsolated: boolean;
  readonly WebAssembly: { validate(bytes: Uint8Array): boolean };
}

/*
 * What follows runs in the page, so it uses nothing from outside of itself; and no named functions inside, for which
 * esbuild would add a call of a helper that the page does not have.
 */

/** Never rejects for what is merely absent. Whether the adapter computes is `computeInPage`'s to say. */
export async function askPage({ hub }: { readonly hub: string }): Promise<PageFacts> {
  const HUB_MS = 4_000;
  // A function that returns a lane of a v128 constant: valid only where there is SIMD.
  const SIMD = [
    0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
    11,
  ];
  const { navigator, crossOriginIsolated, WebAssembly } = globalThis as unknown as PageGlobals;
  const reached = fetch(`${hub}/api/models?limit=1`, { signal: AbortSignal.timeout(HUB_MS) }).then(
    () => true,
    () => false,
  );
  const found = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  let adapter: AdapterFacts | null = null;
  if (found) {
    const { vendor, architecture, device, description, isFallbackAdapter } = found.info;
    const name = [vendor, architecture, device, description].filter(Boolean).join(' ') || 'unnamed';
    const limits: Record<string, number> = {};
    for (const limit in found.limits) limits[limit] = found.limits[limit] as number;
    const software = isFallbackAdapter || /swiftshader|llvmpipe|lavapipe|basic render/i.test(name);
    adapter = { name, software, fault: null, features: [...found.features].sort(), limits };
  }
  return {
    webgpu: navigator.gpu !== undefined,
    adapter,
    isolated: crossOriginIsolated,
    cores: navigator.hardwareConcurrency,
    wasm: WebAssembly.validate(Uint8Array.from(SIMD)),
    hubReachable: await reached,
  };
}

/** Runs a small compute shader: each of 64 invocations writes three times its index. @returns whether the numbers are right */
export async function computeInPage(): Promise<boolean> {
  const [STORAGE, COPY_SRC, COPY_DST, MAP_READ, READ] = [128, 4, 8, 1, 1];
  const { navigator } = globalThis as unknown as PageGlobals;
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return false;
  const device = await adapter.requestDevice();
  const values = device.createBuffer({ size: 256, usage: STORAGE + COPY_SRC });
  const read = device.createBuffer({ size: 256, usage: MAP_READ + COPY_DST });
  const code =
    '@group(0) @binding(0) var<storage, read_write> x: array<u32>;' +
    '@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) i: vec3u) { x[i.x] = i.x * 3u; }';
  const module = device.createShaderModule({ code });
  const pipeline = device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint: 'main' } });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  const entries = [{ binding: 0, resource: { buffer: values } }];
  pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
  pass.dispatchWorkgroups(1);
  pass.end();
  encoder.copyBufferToBuffer(values, 0, read, 0, 256);
  device.queue.submit([encoder.finish()]);
  await read.mapAsync(READ);
  return new Uint32Array(read.getMappedRange()).every((value, i) => value === 3 * i);
}
