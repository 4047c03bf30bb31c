import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { HeadwayError } from '../core/errors';
import type { ExperimentRun, MeasuredUnit } from '../core/experiment';
import type { RunHeader } from './experiments-state';

type RunId = ExperimentRun['id'];

/** A run but for its units, which are many and large. */
interface KeptRun extends Omit<ExperimentRun, 'units'> {
  readonly unitCount: number;
}

interface Schema extends DBSchema {
  runs: { key: RunId; value: KeptRun };
  /** By run and place in its order of measurement. */
  units: { key: [RunId, number]; value: MeasuredUnit };
}

const VERSION = 1;

/**
 * Experiments in the browser's own database, which survive a reload. Headers and units are apart, so that a list reads no
 * records, and each unit is written once, when it was measured.
 */
export class RunArchive {
  readonly #database: Promise<IDBPDatabase<Schema>>;
  #asked = false;

  /** @param name of the database */
  constructor(name: string) {
    this.#database = openDB<Schema>(name, VERSION, {
      upgrade(database) {
        database.createObjectStore('runs', { keyPath: 'id' });
        database.createObjectStore('units');
      },
    });
    this.#database.catch(() => {});
  }

  /** All that are kept, newest first. @throws HeadwayError `storage-failed` */
  list(): Promise<readonly RunHeader[]> {
    return this.#access(async (database) => {
      const kept = await database.getAll('runs');
      return kept.map(keptHeaderOf).toSorted((a, b) => b.started_at.localeCompare(a.started_at));
    });
  }

  /** Null for an id that is not kept. @throws HeadwayError `storage-failed` */
  read(id: RunId): Promise<ExperimentRun | null> {
    return this.#access(async (database) => {
      const transaction = database.transaction(['runs', 'units']);
      const kept = await transaction.objectStore('runs').get(id);
      if (!kept) return null;
      const { unitCount, ...run } = kept;
      const units = await transaction.objectStore('units').getAll(unitsOf(id, unitCount));
      return { ...run, units };
    });
  }

  /**
   * Writes the run as it stands, and of its units the ones from `from` on: those before are there already.
   * @throws HeadwayError `storage-failed`: nothing of it was written then
   */
  keep({ units, ...run }: ExperimentRun, from = 0): Promise<void> {
    return this.#access(async (database) => {
      const transaction = database.transaction(['runs', 'units'], 'readwrite');
      const writes = [
        transaction.objectStore('runs').put({ ...run, unitCount: units.length }),
        ...units.slice(from).map((unit, i) => transaction.objectStore('units').put(unit, [run.id, from + i])),
      ];
      await Promise.all([...writes, transaction.done]);
      this.#askToStay();
    });
  }

  /** Asks once that what is kept may stay when the browser runs short of room. Some browsers ask their user; any answer will do. */
  #askToStay(): void {
    if (this.#asked) return;
    this.#asked = true;
    globalThis.navigator?.storage?.persist?.().catch(() => {});
  }

  /** @throws HeadwayError `storage-failed` */
  delete(id: RunId): Promise<void> {
    return this.#access(async (database) => {
      const transaction = database.transaction(['runs', 'units'], 'readwrite');
      await Promise.all([
        transaction.objectStore('runs').delete(id),
        transaction.objectStore('units').delete(unitsOf(id, Number.POSITIVE_INFINITY)),
        transaction.done,
      ]);
    });
  }

  async #access<Result>(use: (database: IDBPDatabase<Schema>) => Promise<Result>): Promise<Result> {
    try {
      return await use(await this.#database);
    } catch (error) {
      throw new HeadwayError('storage-failed', sentenceOf(error), { cause: error });
    }
  }
}

/** Of a run, what a list shows. */
export const headerOf = ({ units, ...run }: ExperimentRun): RunHeader =>
  keptHeaderOf({ ...run, unitCount: units.length });

const keptHeaderOf = ({ points, unitCount, ...run }: KeptRun): RunHeader => ({
  ...run,
  points: points.length,
  units: unitCount,
});

const unitsOf = (id: RunId, count: number) => IDBKeyRange.bound([id, -1], [id, count], true, true);

function sentenceOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') {
    return "The browser's storage for this page is full. Export and delete kept experiments to make room.";
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `The browser's storage could not be used: ${reason.replace(/\.$/, '')}.`;
}
