import { describe, expect, it } from 'vitest';
import { EVENT_COLUMNS, tableNames } from '#warehouse';
import { basicRumTables } from '../support/basic-rum-tables.ts';
import { columnsOf, dyingAfter, migratorOf, tenant, world } from '../support/migrations-world.ts';

describe('tables that front_basicrum_go made', () => {
  const created = Date.UTC(2023, 4, 5, 10);
  const adopt = async (): Promise<void> => {
    for (const statement of basicRumTables(`${tenant.id}_`)) await world.run(statement);
    await world.warehouse.client.insert({
      table: tableNames(tenant.id).events,
      format: 'JSONEachRow',
      values: [
        {
          created_at: created / 1_000,
          hostname: 'shop.example',
          event_type: 'visit_page',
          session_id: '0f9bfbfc-ce1c-4a5b-a0b8-6c1b1a3a0f9a-r3k6wz',
          session_length: 255,
          page_id: 'aot3mvuv',
          url: 'https://shop.example/cart?id=7',
          first_byte_duration: 65_535,
          largest_contentful_paint: 0,
          geo_country_code: 'BG',
          device_type: 'bot',
          mob_dl: 7,
          mem_limit: 4_294_705_152,
        },
        { created_at: created / 1_000 + 86_400, hostname: 'shop.example', event_type: 'quit_page' },
      ],
    });
    await world.warehouse.client.insert({
      table: tableNames(tenant.id).hostnames,
      format: 'JSONEachRow',
      values: [{ hostname: 'shop.example', updated_at: created / 1_000 }],
    });
    const [result] = await migratorOf().migrate([tenant.id]);
    if (result?.kind === 'failed') throw result.error;
  };

  it('keep every row, and what was narrow is wide', async () => {
    await adopt();
    const rows = await world.rows(
      `SELECT session_id, session_length, page_id, first_byte_duration, largest_contentful_paint, geo_country_code, mob_dl, mem_limit
       FROM ${tableNames(tenant.id).events} ORDER BY created_at`,
    );
    expect(rows).toEqual([
      {
        session_id: '0f9bfbfc-ce1c-4a5b-a0b8-6c1b1a3a0f9a-r3k6wz',
        session_length: 255,
        page_id: 'aot3mvuv',
        first_byte_duration: 65_535,
        largest_contentful_paint: 0,
        geo_country_code: 'BG',
        mob_dl: 7,
        mem_limit: 4_294_705_152,
      },
      {
        session_id: '',
        session_length: 0,
        page_id: '',
        first_byte_duration: null,
        largest_contentful_paint: null,
        geo_country_code: '',
        mob_dl: null,
        mem_limit: null,
      },
    ]);
  });

  it('show in our columns what follows from theirs', async () => {
    await adopt();
    const rows = await world.rows(
      `SELECT toUnixTimestamp64Milli(received_at) AS received, is_page_view, url_path, url_query, is_bot, journal_offset
       FROM ${tableNames(tenant.id).events} ORDER BY created_at LIMIT 1`,
    );
    expect(rows).toEqual([
      {
        received: created,
        is_page_view: true,
        url_path: '/cart',
        url_query: 'id=7',
        is_bot: true,
        journal_offset: 0,
      },
    ]);
  });

  it('have all of our columns with our types, except for keys, and keep their partitions', async () => {
    await adopt();
    const types = new Map(await columnsOf(tableNames(tenant.id).events));
    const [table] = await world.rows<{ partition_key: string }>(
      'SELECT partition_key FROM system.tables WHERE name = {name:String}',
      { name: tableNames(tenant.id).events },
    );
    expect([
      EVENT_COLUMNS.filter(({ name, type }) => types.get(name) !== type),
      table?.partition_key,
    ]).toEqual([[], 'toYYYYMMDD(event_date)']);
  });

  it('still take rows from the Go collector', async () => {
    await adopt();
    await world.run(
      `INSERT INTO ${tableNames(tenant.id).events} SETTINGS input_format_skip_unknown_fields = true FORMAT JSONEachRow ` +
        '{"created_at":"2023-05-07 10:00:00","hostname":"late.example","session_id":"","page_id":"","first_paint":"","ssl":"1"}',
    );
    expect(
      await world.rows(
        `SELECT hostname FROM ${tableNames(tenant.id).events} WHERE hostname = 'late.example'`,
      ),
    ).toEqual([{ hostname: 'late.example' }]);
  });

  it('show page views, where a stored 0 is no measurement', async () => {
    await adopt();
    expect(
      await world.rows(
        `SELECT page_id, largest_contentful_paint, first_byte_duration FROM ${tableNames(tenant.id).pageViews}`,
      ),
    ).toEqual([{ page_id: 'aot3mvuv', largest_contentful_paint: null, first_byte_duration: 65_535 }]);
  });

  it('have their list of host names rebuilt without a partition per name', async () => {
    await adopt();
    const { hostnames } = tableNames(tenant.id);
    const tables = await world.rows(
      'SELECT name, partition_key FROM system.tables WHERE startsWith(name, {name:String})',
      { name: hostnames },
    );
    expect([tables, await world.rows(`SELECT hostname FROM ${hostnames}`)]).toEqual([
      [{ name: hostnames, partition_key: '' }],
      [{ hostname: 'shop.example' }],
    ]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'are adopted all the same after a kill after %i statements',
    async (statements) => {
      for (const statement of basicRumTables(`${tenant.id}_`)) await world.run(statement);
      const { events, hostnames } = tableNames(tenant.id);
      await world.run(`INSERT INTO ${hostnames} (hostname) VALUES ('shop.example')`);
      await migratorOf({ client: dyingAfter(statements) })
        .migrate([tenant.id])
        .catch(() => undefined);
      const [result] = await migratorOf({ lock: { staleMs: 0, pollMs: 10 } }).migrate([tenant.id]);
      expect([
        result?.kind,
        (await columnsOf(events)).length,
        await world.rows(`SELECT DISTINCT hostname FROM ${hostnames}`),
        await world.rows('SELECT name FROM system.tables WHERE name = {name:String}', {
          name: `${hostnames}_rebuilt`,
        }),
      ]).toEqual(['ready', EVENT_COLUMNS.length, [{ hostname: 'shop.example' }], []]);
    },
  );
});
