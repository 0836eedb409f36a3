import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DatabaseSync } from 'node:sqlite';
import { GroupCommit } from './group-commit.js';

let database: DatabaseSync;
let commits: GroupCommit;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  database.exec(`
    CREATE TABLE things (name TEXT UNIQUE, content BLOB);
    CREATE TABLE parts (thing TEXT REFERENCES things (name) DEFERRABLE INITIALLY DEFERRED);
  `);
  commits = new GroupCommit(database);
});

afterEach(() => database.close());

function add(name: string, bytes = 1): string {
  database.prepare('INSERT INTO things VALUES (?, zeroblob(?))').run(name, bytes);
  return name;
}

function stored(): string[] {
  return (database.prepare('SELECT name FROM things ORDER BY rowid').all() as { name: string }[]).map(
    ({ name }) => name,
  );
}

function settled(...works: (() => unknown)[]): Promise<PromiseSettledResult<unknown>[]> {
  return Promise.allSettled(works.map((work) => commits.run(work)));
}

describe('changes that are committed together', () => {
  it('each get the answer to their own work, in the order in which they came', async () => {
    const answers = await Promise.all(['a', 'b', 'c'].map((name) => commits.run(() => add(name))));
    expect(answers).toEqual(['a', 'b', 'c']);
    expect(stored()).toEqual(['a', 'b', 'c']);
  });

  it('see what those before them in the group have done', async () => {
    const [, count] = await Promise.all([commits.run(() => add('a')), commits.run(() => stored().length)]);
    expect(count).toBe(1);
  });

  it('share one transaction', async () => {
    const seen: boolean[] = [];
    await settled(
      () => seen.push(database.isTransaction),
      () => seen.push(database.isTransaction),
    );
    expect([seen, database.isTransaction]).toEqual([[true, true], false]);
  });

  it('leave to the next transaction what there is no time for, and let others have their turn before', async () => {
    const slowly = (name: string) => () => {
      const until = performance.now() + 15;
      while (performance.now() < until);
      return add(name);
    };
    const between: string[][] = [[]];
    const all = settled(slowly('a'), slowly('b'), slowly('c'));
    while (between.at(-1)!.length < 3) {
      await new Promise((resolve) => setImmediate(resolve));
      if (stored().length > between.at(-1)!.length) between.push(stored());
    }
    expect((await all).map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled']);
    expect(between).toEqual([[], ['a'], ['a', 'b'], ['a', 'b', 'c']]);
  });

  it('wait a moment for those that are on their way, and share a transaction with them', async () => {
    const happened: string[] = [];
    const change = (name: string) =>
      commits.run(() => happened.push(`${add(name)} made`)).then(() => happened.push(`${name} answered`));
    const early = [change('a'), change('b')];
    const late = new Promise((resolve) => setImmediate(() => resolve(change('c'))));
    await Promise.all([...early, late]);
    expect(happened.slice(0, 3)).toEqual(['a made', 'b made', 'c made']);
  });

  it('are answered only when they are committed', async () => {
    let answered = false;
    const change = commits.run(() => add('a')).then(() => (answered = true));
    expect([answered, stored()]).toEqual([false, []]);
    await change;
    expect([answered, database.isTransaction]).toEqual([true, false]);
  });

  it('do not undo one another: one that throws loses only what it did itself', async () => {
    const refusal = new Error('no');
    const results = await settled(
      () => add('before'),
      () => {
        add('lost');
        throw refusal;
      },
      () => add('before'),
      () => add('after'),
    );
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(results[1]).toEqual({ status: 'rejected', reason: refusal });
    expect(stored()).toEqual(['before', 'after']);
  });

  it('are all refused, and all undone, when the commit itself fails', async () => {
    const results = await settled(
      () => add('innocent'),
      () => database.prepare('INSERT INTO parts VALUES (?)').run('no such thing'),
      () => 'nothing at all',
    );
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'storage-failed' } });
    expect(stored()).toEqual([]);
    expect(await commits.run(() => add('next'))).toBe('next');
  });

  it('are all refused, and all undone, when a full disk makes SQLite undo the transaction', async () => {
    database.exec('PRAGMA max_page_count = 8');
    const results = await settled(
      () => add('innocent'),
      () => add('too large', 100_000),
      () => add('late'),
    );
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'disk-full' } });
    expect([stored(), database.isTransaction]).toEqual([[], false]);
    expect(await commits.run(() => add('small'))).toBe('small');
  });

  it('are refused alone where SQLite undoes only the one that met the full disk', async () => {
    database.exec('PRAGMA max_page_count = 8');
    const numbers = 'WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1000) SELECT x FROM n';
    const results = await settled(
      () => add('before'),
      () => database.exec(`INSERT INTO things SELECT x, zeroblob(1000) FROM (${numbers})`),
      () => add('after'),
    );
    expect(results[1]).toMatchObject({ reason: { code: 'disk-full' } });
    expect(stored()).toEqual(['before', 'after']);
  });
});

describe('a change that is committed alone', () => {
  const alone = (work: () => unknown) => settled(work).then(([result]) => result);

  it('is undone when it throws, and the next one is stored', async () => {
    const refusal = new Error('no');
    const refused = await alone(() => {
      add('lost');
      throw refusal;
    });
    expect(refused).toEqual({ status: 'rejected', reason: refusal });
    expect([stored(), database.isTransaction]).toEqual([[], false]);
    expect(await commits.run(() => add('next'))).toBe('next');
  });

  it('is refused and undone when its commit fails', async () => {
    const result = await alone(() => {
      add('lost');
      database.prepare('INSERT INTO parts VALUES (?)').run('no such thing');
    });
    expect(result).toMatchObject({ reason: { code: 'storage-failed' } });
    expect([stored(), database.isTransaction]).toEqual([[], false]);
  });

  it('is refused and undone when the disk is full', async () => {
    database.exec('PRAGMA max_page_count = 8');
    expect(await alone(() => add('too large', 100_000))).toMatchObject({ reason: { code: 'disk-full' } });
    expect([stored(), database.isTransaction]).toEqual([[], false]);
    expect(await commits.run(() => add('small'))).toBe('small');
  });
});
