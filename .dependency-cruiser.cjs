/**
 * Imports point one way, and imports of types count. A room may import itself and the rooms named beside it, and nothing
 * else of the repository. A room that needs another room's type has found a contract, which belongs in `core`.
 */
const ROOMS = {
  core: [],
  scheduler: ['core'],
  traffic: ['core'],
  metrics: ['core'],
  model: ['core'],
  runtime: ['core', 'scheduler', 'model'],
  simulator: ['core', 'scheduler', 'traffic', 'metrics'],
  engine: ['core', 'scheduler', 'traffic', 'metrics', 'model', 'runtime', 'simulator'],
  session: ['core', 'traffic', 'metrics', 'model', 'simulator', 'engine'],
  experiments: ['core', 'scheduler', 'traffic', 'metrics', 'simulator'],
  store: ['core', 'traffic', 'metrics', 'model', 'simulator', 'experiments', 'lessons', 'session'],
  lessons: ['core', 'traffic', 'metrics'],
  ui: ['core', 'traffic', 'metrics', 'model', 'simulator', 'experiments', 'lessons', 'store'],
};

/** Packages that only one place may import. Null: nobody outside tests. */
const PACKAGES = [
  {
    name: 'onnxruntime-web',
    only: '^src/runtime/',
    why: 'Every ORT call goes through one lane, which lives there.',
  },
  { name: 'recharts', only: '^src/ui/charts/', why: 'Charts are loaded lazily, in one chunk.' },
  {
    name: 'comlink',
    only: '^src/(engine|session)/',
    why: 'Threads talk through the two control interfaces.',
  },
  { name: 'react', only: '^src/(ui/|main\\.tsx$)', why: 'Everything under the page works without it.' },
  { name: '@mantine', only: '^src/(ui/|main\\.tsx$)', why: 'Everything under the page works without it.' },
  { name: 'idb', only: '^src/store/', why: 'What is kept in the browser is kept in one place.' },
  { name: 'zustand', only: '^src/(store|ui)/', why: 'State of the page lives in the store.' },
  { name: 'hdr-histogram-js', only: '^src/metrics/', why: 'Figures are folded in one place.' },
  { name: 'pure-rand', only: '^src/(traffic|simulator)/', why: 'Randomness comes through an injected Rng.' },
  {
    name: 'd3-dsv',
    only: '^src/traffic/',
    why: 'Traces are read in one place, and without its converter of rows, which is made with eval.',
  },
  { name: 'd3-random', only: '^src/traffic/', why: 'Arrivals are drawn in one place.' },
  { name: '@huggingface/jinja', only: '^src/model/', why: 'Prompts are made in one place.' },
  { name: '@huggingface/tokenizers', only: '^src/model/', why: 'Tokens are made in one place.' },
];

/** Unit tests, which may use anything, and what only they use. */
const TEST = '\\.test\\.tsx?$|^testing/';

const rooms = Object.entries(ROOMS).map(([room, below]) => ({
  name: `room-${room}`,
  comment: `src/${room} may import ${[room, ...below].map((name) => `src/${name}`).join(', ')}.`,
  severity: 'error',
  from: { path: `^src/${room}/`, pathNot: TEST },
  to: {
    path: '^(src|cli|e2e|scripts|testing|training)/',
    pathNot: [room, ...below].map((name) => `^src/${name}/`),
  },
}));

const packages = PACKAGES.map(({ name, only, why }) => ({
  name: `package-${name}`,
  comment: why,
  severity: 'error',
  from: { path: '^(src|cli)/', pathNot: [only, TEST] },
  to: { path: `node_modules/${name}(/|$)` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...rooms,
    ...packages,
    {
      name: 'core-imports-nothing',
      comment: 'The contracts import no room and no package but valibot.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: TEST },
      to: { pathNot: ['^src/core/', 'node_modules/valibot/'] },
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
        'The command line drives a page through the automation interface. Of src/ it imports what runs without a page.',
      severity: 'error',
      from: { path: '^cli/', pathNot: TEST },
      to: {
        path: '^src/(runtime|engine/worker|session|store|lessons|ui)/',
        pathNot: '^src/session/traffic-worker/(measure-run|generators|read-trace-file)\\.ts$',
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
      to: { path: '^src/(runtime|engine)/' },
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
      to: { circular: true },
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
