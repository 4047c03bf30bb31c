import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { openWith } from '../cli/browser/open';
import { thisMachine, waysOf } from '../cli/browser/ways';
import { startXvfb } from '../cli/browser/xvfb';
import { browserPath } from './browser';
import { ROOT } from './build';
import { GPU_PROJECTS, planGpuTests } from './gpu-projects';

/**
 * `npm run test:gpu`: the tests of a real GPU, without and with a window, as far as the browser reaches one. Where it does
 * not, the reason is said, and that is no failure.
 */
const machine = thisMachine();
const { projects, skipped } = await planGpuTests(waysOf(machine), openWith(browserPath(), machine.xvfb));
for (const line of skipped) console.log(`skipped: ${line}.`);
if (projects.length === 0) {
  console.log('Nothing was tested. "npm run headway -- doctor" says what to do.');
} else {
  const needsScreen = projects.some(({ way }) => way.display === 'xvfb');
  const screen = needsScreen && machine.xvfb !== null ? await startXvfb(machine.xvfb) : null;
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const { status } = spawnSync(
    process.execPath,
    [cli, 'test', ...projects.map(({ name }) => `--project=${name}`), ...process.argv.slice(2)],
    {
      cwd: ROOT,
      stdio: 'inherit',
      env: {
        ...process.env,
        [GPU_PROJECTS]: JSON.stringify(projects),
        ...(screen && { DISPLAY: screen.display }),
      },
    },
  );
  screen?.close();
  process.exitCode = status ?? 1;
}
