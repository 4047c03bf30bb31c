import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './build';

interface Package {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** npm leaves platforms out when it locks from a registry that lacks them, and `npm ci` then refuses everywhere. */
test('package-lock.json has every platform of every package, so that a fresh clone installs', () => {
  const { packages }: { packages: Readonly<Record<string, Package>> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  );
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter(
      (name) => !packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`],
    ),
  );
  expect(missing).toEqual([]);
});
