import { describe, expect, test } from 'vitest';
import { openDatabase, tableMigration } from '#database';
import { type FieldsOf, pageOf } from './page-of.ts';
import { openRecords } from './records.ts';

interface Fruit {
  readonly id: string;
  readonly name: string;
  readonly colour: string | null;
}

const FRUIT: readonly Fruit[] = [
  { id: 'a', name: 'Apple', colour: 'red' },
  { id: 'b', name: 'banana', colour: 'yellow' },
  { id: 'c', name: 'Cherry', colour: 'red' },
  { id: 'd', name: 'dragon fruit', colour: null },
  { id: 'e', name: '100% orange_', colour: 'orange' },
  { id: 'f', name: '', colour: '' },
];
const FIELDS: FieldsOf<Fruit> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  colour: ({ colour }) => colour,
};

describe('a page of a list in memory', () => {
  test('is what a table with the same records gives, for every kind of query', async () => {
    const database = await openDatabase({
      url: '',
      path: ':memory:',
      migrations: [
        tableMigration(
          'fruit_01',
          'CREATE TABLE fruit (tenant text NOT NULL, id text NOT NULL, name text, colour text, doc text NOT NULL, PRIMARY KEY (tenant, id))',
        ),
      ],
    });
    const table = openRecords<Fruit>(database, {
      table: 'fruit',
      fields: { id: 'id', name: 'name', colour: 'colour' },
      columns: ({ name, colour }) => ({ name, colour }),
    });
    for (const fruit of FRUIT) await table.add('t', fruit);
    for (const query of [
      '',
      'cql.allRecords=1 sortby id/sort.descending',
      'name==Apple',
      'name==apple',
      'name=apple',
      'name==a*',
      'name=*an*',
      'name==*a*a*',
      'name==*',
      'name==""',
      'name=100%*',
      'name=*_',
      'name==b?nana',
      'colour<>red',
      'colour==red not name==Apple',
      'colour==(red or orange) and name<>Cherry',
      '(colour==red or colour==yellow) sortby name/sort.descending id',
    ])
      for (const [offset, limit] of [
        [0, 10],
        [1, 2],
        [9, 1],
      ] as const)
        expect(pageOf(FRUIT, FIELDS, { query, offset, limit }), query).toEqual(
          await table.list('t', { query, offset, limit }),
        );
    await database.stop();
  });

  test('refuses a field that it does not have, members of every object included', () => {
    for (const field of ['size', 'constructor', '__proto__'])
      expect(() => pageOf(FRUIT, FIELDS, { query: `${field}==x`, offset: 0, limit: 1 })).toThrow(
        'known are id, name, colour',
      );
  });
});
