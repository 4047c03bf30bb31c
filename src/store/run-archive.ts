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
  /** Null where the browser refuses it: then runs are kept in memory. */
  readonly #database: Promise<IDBPDatabase<Schema> | null>;
  readonly #memory = new Map<RunId, ExperimentRun>();
  #asked = false;

  /** @param name of the database @param onRefused told when the browser refuses to open it */
  constructor(name: string, onRefused: (error: unknown) => void = () => {}) {
    this.#database = open(name).catch((error: unknown) => {
      onRefused(error);
      return null;
    });
  }

  /** All that are kept, newest first. @throws HeadwayError `storage-failed` */
  list(): Promise<readonly RunHeader[]> {
    const newestFirst = (headers: readonly RunHeader[]) =>
      headers.toSorted((a, b) => b.started_at.localeCompare(a.started_at));
    return this.#access(
      async (database) => newestFirst((await database.getAll('runs')).map(keptHeaderOf)),
      () => newestFirst([...this.#memory.values()].map(headerOf)),
    );
  }

  /** Null for an id that is not kept. @throws HeadwayError `storage-failed` */
  read(id: RunId): Promise<ExperimentRun | null> {
    return this.#access(
      async (database) => {
        const transaction = database.transaction(['runs', 'units']);
        const kept = await transaction.objectStore('runs').get(id);
        if (!kept) return null;
        const { unitCount, ...run } = kept;
        const units = await transaction.objectStore('units').getAll(unitsOf(id, unitCount));
        return { ...run, units };
      },
      () => this.#memory.get(id) ?? null,
    );
  }

  /**
   * Writes the run as it stands, and of its units the ones from `from` on: those before are there already.
   * @throws HeadwayError `storage-failed`: nothing of it was written then
   */
  keep(whole: ExperimentRun, from = 0): Promise<void> {
    const { units, ...run } = whole;
    return this.#access(
      async (database) => {
        const transaction = database.transaction(['runs', 'units'], 'readwrite');
        const writes = [
          transaction.objectStore('runs').put({ ...run, unitCount: units.length }),
          ...units
            .slice(from)
            .map((unit, i) => transaction.objectStore('units').put(unit, [run.id, from + i])),
        ];
        await Promise.all([...writes, transaction.done]);
        this.#askToStay();
      },
      () => void this.#memory.set(run.id, whole),
    );
  }

  /** Asks once that what is kept may stay when the browser runs short of room. Some browsers ask their user; any answer will do. */
  #askToStay(): void {
    if (this.#asked) return;
    this.#asked = true;
    globalThis.navigator?.storage?.persist?.().catch(() => {});
  }

  /** @throws HeadwayError `storage-failed` */
  delete(id: RunId): Promise<void> {
    return this.#access(
      async (database) => {
        const transaction = database.transaction(['runs', 'units'], 'readwrite');
        await Promise.all([
          transaction.objectStore('runs').delete(id),
          transaction.objectStore('units').delete(unitsOf(id, Number.POSITIVE_INFINITY)),
          transaction.done,
        ]);
      },
      () => void this.#memory.delete(id),
    );
  }

  /** @param inMemory the same without a database */
  async #access<Result>(
    use: (database: IDBPDatabase<Schema>) => Promise<Result>,
    inMemory: () => Result,
  ): Promise<Result> {
    const database = await this.#database;
    if (!database) return inMemory();
    try {
      return await use(database);
    } catch (error) {
      throw new HeadwayError('storage-failed', sentenceOf(error), { cause: error });
    }
  }
}

/** Rejects also where the browser throws at once. */
const open = async (name: string) =>
  openDB<Schema>(name, VERSION, {
    upgrade(database) {
      database.createObjectStore('runs', { keyPath: 'id' });
      database.createObjectStore('units');
    },
  });

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
