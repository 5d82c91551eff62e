import { CompiledQuery } from 'kysely';
import type { Compilable } from 'kysely';
import type { Db } from './schema.ts';

/** Stands for a parameter while a query is built. */
class Parameter {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

type Run = (sql: string, values: readonly unknown[]) => readonly unknown[];

/** Transactions whose connection can be asked at once: SQLite answers in place, so there is nothing to wait for. */
const inPlace = new WeakMap<Db, Run>();
export const answersInPlace = (trx: Db, run: Run): void => void inPlace.set(trx, run);

const parameters = new Proxy({}, { get: (_, name) => new Parameter(String(name)) });

/**
 * SQLite looks at a parameter's value where the plan could depend on it, and plans anew when the value was taken back, which
 * better-sqlite3 does after every run: that costs several times the run itself. It does not look behind a plus, which changes
 * nothing else. So no plan rests on a value: what a partial index is to be found by stands in the query itself.
 */
const plannedOnce = <Row>(query: CompiledQuery<Row>): CompiledQuery<Row> => {
  const parts = query.sql.split('?');
  if (parts.length !== query.parameters.length + 1) throw new Error(`a question mark that is no parameter: ${query.sql}`);
  return { ...query, sql: parts.join('+?') };
};

/**
 * A query that Kysely builds once and that runs with other values each time: building costs more than running, and a
 * checkout needs fifteen. `build` must place every parameter as it is, and cannot look at its value.
 */
export const prepared = <P extends Readonly<Record<string, string | number | null>>, Row>(build: (db: Db, p: P) => Compilable<Row>) => {
  let compiled: CompiledQuery<Row> | undefined;
  return async (db: Db, values: P): Promise<readonly Row[]> => {
    compiled ??= plannedOnce(build(db, parameters as P).compile());
    const filled = compiled.parameters.map((each) => (each instanceof Parameter ? (values[each.name] ?? null) : each));
    const run = inPlace.get(db);
    if (run) return run(compiled.sql, filled) as readonly Row[];
    const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(compiled.sql, filled));
    return rows;
  };
};
