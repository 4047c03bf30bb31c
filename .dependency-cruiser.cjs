/**
 * The house's imports point one way. A room may import the rooms named beside it, and nothing else of ours; an import
 * of types alone crosses no border, since nothing of it runs, so it is free everywhere but in `core`.
 */
const ROOMS = {
  core: [],
  scheduler: ['core'],
  load: ['core'],
  metrics: ['core'],
  simulator: ['core', 'scheduler', 'load', 'metrics'],
  model: ['core'],
  runtime: ['core', 'scheduler', 'model'],
  server: ['core', 'scheduler', 'model', 'runtime'],
  client: ['core', 'load', 'metrics', 'model'],
  experiments: ['core', 'scheduler', 'load', 'metrics', 'simulator'],
  lessons: ['core', 'load', 'metrics'],
  store: ['core', 'load', 'metrics', 'experiments', 'lessons', 'client'],
  ui: ['core', 'load', 'metrics', 'experiments', 'lessons', 'store'],
};

/** The border of the serving worker in words: interfaces and one list of choices, nothing that runs there. */
const BORDER = '^src/server/control\\.ts$';

/** Names and sizes of synthetic models, worked out before one is made, and names of directories. */
const SHAPES = '^src/model/(synthetic/(spec|presets|memory)|source/directory-name)\\.ts$';

/** Packages that only one place may import. Null: nobody outside tests. */
const PACKAGES = [
  {
    name: 'onnxruntime-web',
    only: '^src/runtime/',
    why: 'Every ORT call goes through one lane, which lives there.',
  },
  { name: 'recharts', only: '^src/ui/charts/', why: 'Charts are loaded lazily, in one chunk.' },
  { name: 'comlink', only: '^src/(server|client)/', why: 'Threads talk through the two control interfaces.' },
  { name: 'react', only: '^src/(ui/|main\\.tsx$)', why: 'Everything under the page works without it.' },
  { name: '@mantine', only: '^src/(ui/|main\\.tsx$)', why: 'Everything under the page works without it.' },
  { name: 'idb', only: '^src/store/', why: 'What is kept in the browser is kept in one place.' },
  { name: 'zustand', only: '^src/(store|ui)/', why: 'State of the page lives in the store.' },
  { name: 'hdr-histogram-js', only: '^src/metrics/', why: 'Figures are folded in one place.' },
  { name: 'pure-rand', only: '^src/(load|simulator)/', why: 'Randomness comes through an injected Rng.' },
  {
    name: 'd3-dsv',
    only: '^src/load/',
    why: 'Traces are read in one place, and without its converter of rows, which is made with eval.',
  },
  { name: 'd3-random', only: '^src/load/', why: 'Arrivals are drawn in one place.' },
  { name: '@huggingface/tokenizers', only: '^src/model/', why: 'Tokens are made in one place.' },
];

/** Rooms that talk to the serving worker over its border, and name the model that it shall serve. */
const OUTSIDE = ['client', 'store', 'ui'];

/** Tests, and what only they use: the worlds and programs of the scheduler's proof, the experiments' and the lessons' simulated pages. */
const TEST = '\\.test\\.tsx?$|^src/(scheduler|experiments|lessons)/proof/';
const runtimeOnly = { dependencyTypesNot: ['type-only'] };

const rooms = Object.entries(ROOMS).map(([room, below]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import ${[room, ...below].map((name) => `src/${name}`).join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: TEST },
  to: {
    path: '^(src|cli|e2e|scripts|training)/',
    pathNot: [
      ...[room, ...below].map((name) => `^src/${name}/`),
      ...(OUTSIDE.includes(room) ? [BORDER, SHAPES] : []),
    ],
    ...(room === 'core' ? {} : runtimeOnly),
  },
}));

const packages = PACKAGES.map(({ name, only, why }) => ({
  name: `package-${name}`,
  comment: why,
  severity: 'error',
  from: { path: '^(src|cli)/', pathNot: [only, TEST] },
  to: { path: `node_modules/${name}(/|$)`, ...runtimeOnly },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    ...packages,
    {
      name: 'core-imports-nothing',
      comment: 'The words of the project depend on nobody.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: TEST },
      to: { pathNot: '^src/core/' },
    },
    {
      name: 'no-node-in-the-page',
      comment: 'Nothing under src/ runs in Node.',
      severity: 'error',
      from: { path: '^src/', pathNot: TEST },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'cli-drives-the-page',
      comment:
        'The command line knows parameter tables, file formats and, as a type, the automation interface.',
      severity: 'error',
      from: { path: '^cli/' },
      to: {
        path: '^src/',
        pathNot: [
          '^src/core/',
          '^src/load/(load-config|contradictions|send-lag|traces/(trace-reader|cut-trace))\\.ts$',
          '^src/experiments/(bench-parameters|grid|presets|point-figures|conclusions|files/.*)\\.ts$',
          BORDER,
          SHAPES,
        ],
        ...runtimeOnly,
      },
    },
    {
      name: 'bench-measures-from-outside',
      comment: 'The benchmark is no part of what it measures.',
      severity: 'error',
      from: { path: '^(src|cli)/' },
      to: { path: '^bench/' },
    },
    {
      name: 'pages-start-no-worker-code',
      comment: 'Workers are reached by URL and spoken to by message; importing one would run it here.',
      severity: 'error',
      from: { path: '^src/main\\.tsx$' },
      to: { path: '^src/(runtime|server)/', ...runtimeOnly },
    },
    {
      name: 'no-test-in-the-product',
      comment: 'Tests and fixtures stay out of what is shipped.',
      severity: 'error',
      from: { path: '^(src|cli)/', pathNot: TEST },
      to: { path: `(${TEST})|^e2e/` },
    },
    {
      name: 'no-circle',
      comment: 'Two files that need each other are one file, or need a third.',
      severity: 'error',
      from: { path: '^(src|cli|bench|scripts)/' },
      to: { circular: true, viaOnly: runtimeOnly },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere.',
      severity: 'error',
      from: { path: '^(src|cli|bench|scripts|e2e)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // Keeps `import type` in the graph and tells it apart.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'browser', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
