import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './build';
import { whyNoRealGpu } from './real-gpu';

/**
 * `npm run test:gpu`: the tests of a real GPU, in a window. Where there is none it says so and why, and is no failure:
 * a machine cannot help it.
 */
const reason = await whyNoRealGpu();
if (reason === null) {
  const cli = join(ROOT, 'node_modules', '@playwright', 'test', 'cli.js');
  const { status } = spawnSync(process.execPath, [cli, 'test', '--project=gpu'], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
} else {
  console.log(`skipped: no hardware adapter: ${reason}. Nothing was tested.`);
}
