import { type AddressInfo, createServer, connect, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLog, systemClock } from '#core';
import type { Tenant } from '#tenants';
import {
  countBatch,
  createHostnameNotes,
  createWarehouseClient,
  existingPositions,
  type InsertOutcome,
  insertRows,
  probe,
  tableNames,
  upsertHostnames,
  waitUntilNoInsertRuns,
} from '#warehouse';
import { createMigrator } from '../../src/warehouse/migrator.ts';

import { poll } from '../support/poll.ts';
import { beaconRow, nativeOf } from '../support/warehouse-rows.ts';
import { startTestWarehouse, testTenant, type TestWarehouse } from '../support/warehouse.ts';

const SEGMENT = 'f0000000000000a1';
const NOW = Date.UTC(2026, 10, 22, 12);
const RANGE = {
  segments: [{ segment: SEGMENT, from: 0, to: 1_000_000 }],
  receivedFrom: NOW,
  receivedTo: NOW + 1_000_000,
};

let world: TestWarehouse;
let number = 0;
let tenant: Tenant;

beforeAll(async () => {
  world = await startTestWarehouse();
});
afterAll(() => world.stop());
beforeEach(async () => {
  number += 1;
  tenant = testTenant(`loaded${number}`);
  const [result] = await createMigrator({
    client: world.warehouse.client,
    layout: { kind: 'server' },
    clock: systemClock,
    log: silentLog,
    parallel: 1,
  }).migrate([tenant.id]);
  if (result?.kind === 'failed') throw result.error;
});

/** A batch of rows at these offsets. */
const batchOf = (batchId: bigint, offsets: readonly number[]) => {
  const rows = offsets.map((offset, index) =>
    beaconRow({
      journal_segment: BigInt(`0x${SEGMENT}`),
      journal_offset: offset,
      batch_id: batchId,
      received_at: NOW + index,
      hostname: 'shop.example',
      url: `https://shop.example/\n\n${offset}`,
      timers: new Map([['own', 12]]),
      cls_shift_value: [0.5],
      cls_shift_at: [7],
      largest_contentful_paint: 2_570,
    }),
  );
  return { batchId, native: nativeOf(rows, batchId), rowCount: rows.length };
};
const offsetsIn = async (): Promise<readonly number[]> =>
  (await existingPositions(world.warehouse.client, tenant.id, RANGE))
    .map(({ offset }) => offset)
    .toSorted((a, b) => a - b);
const insert = (batchId: bigint, offsets: readonly number[]): Promise<InsertOutcome> =>
  insertRows(world.warehouse.client, tenant.id, batchOf(batchId, offsets), { timeoutMs: 20_000 });

describe('an insert', () => {
  it('that is done has stored every value as it was encoded', async () => {
    expect(await insert(1n, [0, 4_096])).toEqual({ kind: 'done' });
    const rows = await world.rows(
      `SELECT lower(hex(journal_segment)) AS segment, journal_offset, toString(batch_id) AS batch, toUnixTimestamp64Milli(received_at) AS received,
         event_date, url, timers, cls_shift_value, largest_contentful_paint, first_paint, is_page_view
       FROM ${tableNames(tenant.id).events} ORDER BY journal_offset LIMIT 1`,
    );
    expect(rows).toEqual([
      {
        segment: SEGMENT,
        journal_offset: 0,
        batch: '1',
        received: NOW,
        event_date: '2026-11-22',
        url: 'https://shop.example/\n\n0',
        timers: { own: 12 },
        cls_shift_value: [0.5],
        largest_contentful_paint: 2_570,
        first_paint: null,
        is_page_view: false,
      },
    ]);
  });

  it('takes its rows in several pieces', async () => {
    const { native, ...batch } = batchOf(2n, [0, 1, 2]);
    const bytes = Buffer.concat(native);
    const pieces = [bytes.subarray(0, 100), bytes.subarray(100, 101), bytes.subarray(101)];
    const outcome = await insertRows(
      world.warehouse.client,
      tenant.id,
      { ...batch, native: pieces },
      { timeoutMs: 20_000 },
    );
    expect([outcome, await offsetsIn()]).toEqual([{ kind: 'done' }, [0, 1, 2]]);
  });

  it('of the same bytes again is stored again: the server does not deduplicate', async () => {
    await insert(3n, [7]);
    await insert(3n, [7]);
    expect(await offsetsIn()).toEqual([7, 7]);
  });

  it('of rows that cannot be read is rejected for its rows, and nothing of it is stored', async () => {
    const { native, ...batch } = batchOf(4n, [0, 1, 2]);
    const outcome = await insertRows(
      world.warehouse.client,
      tenant.id,
      { ...batch, native: [Buffer.concat(native).subarray(0, -3)] },
      { timeoutMs: 20_000 },
    );
    expect([outcome, await offsetsIn()]).toEqual([
      expect.objectContaining({ kind: 'rejected', because: 'rows' }),
      [],
    ]);
  });

  it('into a table that is missing is rejected for its table', async () => {
    await world.run(`DROP TABLE ${tableNames(tenant.id).events} SYNC`);
    expect(await insert(5n, [0])).toMatchObject({ kind: 'rejected', because: 'table', code: '60' });
  });

  it('into a table that lacks a column is rejected for its table', async () => {
    await world.run(`ALTER TABLE ${tableNames(tenant.id).events} DROP COLUMN clicks`);
    expect(await insert(6n, [0])).toMatchObject({ kind: 'rejected', because: 'table' });
  });

  it('into a table with too many parts is unavailable for this table', async () => {
    const { events } = tableNames(tenant.id);
    await world.run(`SYSTEM STOP MERGES ${events}`);
    await world.run(
      `ALTER TABLE ${events} MODIFY SETTING parts_to_throw_insert = 2, parts_to_delay_insert = 2`,
    );
    let outcome: InsertOutcome = { kind: 'done' };
    for (let offset = 0; outcome.kind === 'done' && offset < 10; offset += 1)
      outcome = await insert(7n, [offset]);
    expect(outcome).toMatchObject({ kind: 'unavailable', scope: 'table', code: '252' });
  });

  it('is unavailable for the server when nobody listens there', async () => {
    const client = createWarehouseClient(
      { ...world.warehouse.connection, url: 'http://127.0.0.1:1' },
      'embedded',
    );
    const outcome = await insertRows(client, tenant.id, batchOf(8n, [0]), { timeoutMs: 5_000 });
    await client.close();
    expect(outcome).toMatchObject({ kind: 'unavailable', scope: 'server', code: 'ECONNREFUSED' });
  });

  it('is unavailable for the server when the password is wrong', async () => {
    const client = createWarehouseClient({ ...world.warehouse.connection, password: 'wrong' }, 'embedded');
    const outcome = await insertRows(client, tenant.id, batchOf(9n, [0]), { timeoutMs: 5_000 });
    await client.close();
    expect(outcome).toMatchObject({ kind: 'unavailable', scope: 'server' });
  });
});

/** Between client and server: passes what the client sends, and does with the answer what it is told. */
const startProxy = async (
  answer: (client: Socket, data: string | Buffer) => void,
): Promise<{ url: string; stop(): Promise<void> }> => {
  const { hostname, port } = new URL(world.warehouse.connection.url);
  const sockets = new Set<Socket>();
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => socket.destroy());
    }
    client.on('data', (data) => upstream.write(data));
    upstream.on('data', (data) => answer(client, data));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server has an address of this kind
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const insertThrough = async (
  answer: (client: Socket, data: string | Buffer) => void,
  batchId: bigint,
  timeoutMs: number,
): Promise<InsertOutcome> => {
  const proxy = await startProxy(answer);
  const client = createWarehouseClient({ ...world.warehouse.connection, url: proxy.url }, 'embedded');
  const outcome = await insertRows(client, tenant.id, batchOf(batchId, [0, 1, 2]), { timeoutMs });
  await client.close();
  await proxy.stop();
  return outcome;
};

describe('an insert whose answer', () => {
  it('comes after the dead-line is uncertain, and its rows are there', async () => {
    const outcome = await insertThrough(() => undefined, 20n, 700);
    expect(outcome).toMatchObject({ kind: 'uncertain', code: 'TIMEOUT' });
    expect(await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 20n }, 10_000)).toBe(true);
    expect([await offsetsIn(), await countBatch(world.warehouse.client, tenant.id, 20n)]).toEqual([
      [0, 1, 2],
      3,
    ]);
  });

  it('is cut off by a reset is uncertain', async () => {
    expect(await insertThrough((client) => client.resetAndDestroy(), 21n, 10_000)).toMatchObject({
      kind: 'uncertain',
      code: 'ECONNRESET',
    });
  });

  it('is a 502 of somebody in between is uncertain', async () => {
    const badGateway = (client: Socket): void => {
      client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 11\r\nConnection: close\r\n\r\nBad Gateway');
    };
    expect(await insertThrough(badGateway, 22n, 10_000)).toMatchObject({ kind: 'uncertain' });
  });
});

describe('an insert that still runs', () => {
  /** An insert of our form that the server would work on for a long time. */
  const slowInsert = (batchId: bigint): Promise<unknown> =>
    world.warehouse.client
      .command({
        query:
          `INSERT INTO \`${tableNames(tenant.id).events}\` (journal_offset) /* rumbrella batch ${batchId} */ ` +
          'SELECT sleepEachRow(0.05) FROM numbers(2000) SETTINGS max_block_size = 1',
      })
      .catch((error: unknown) => error);
  const isSeen = (batchId: bigint): Promise<unknown> =>
    poll('the insert in system.processes', async () => {
      const rows = await world.rows(
        "SELECT 1 FROM system.processes WHERE position(query, {needle:String}) > 0 AND startsWith(query, 'INSERT')",
        { needle: `batch ${batchId} *` },
      );
      return rows.length > 0;
    });

  it('is ended, by its batch', async () => {
    const running = slowInsert(30n);
    await isSeen(30n);
    expect(await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 30n }, 20_000)).toBe(true);
    expect(await running).toMatchObject({ code: '394' });
  });

  it('is ended, by its tenant', async () => {
    const running = slowInsert(31n);
    await isSeen(31n);
    expect(await waitUntilNoInsertRuns(world.warehouse.client, { tenantId: tenant.id }, 20_000)).toBe(true);
    await running;
  });

  it("is left alone when it is another batch's", async () => {
    const running = slowInsert(329n);
    await isSeen(329n);
    expect(await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 32n }, 1_000)).toBe(true);
    await isSeen(329n);
    await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 329n }, 20_000);
    await running;
  });

  it('is told when it does not end in time', async () => {
    const running = slowInsert(33n);
    await isSeen(33n);
    expect(await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 33n }, 0)).toBe(false);
    await waitUntilNoInsertRuns(world.warehouse.client, { batchId: 33n }, 20_000);
    await running;
  });
});

describe('positions', () => {
  it('are found within the offsets of each segment only', async () => {
    await insert(40n, [0, 100, 200, 300]);
    const found = await existingPositions(world.warehouse.client, tenant.id, {
      ...RANGE,
      segments: [
        { segment: SEGMENT, from: 100, to: 300 },
        { segment: '0000000000000001', from: 0, to: 1_000 },
      ],
    });
    expect(found.toSorted((a, b) => a.offset - b.offset)).toEqual([
      { segment: SEGMENT, offset: 100 },
      { segment: SEGMENT, offset: 200 },
    ]);
  });

  it('are found within the time of receipt only, both ends included', async () => {
    await insert(41n, [0, 1, 2, 3]);
    const found = await existingPositions(world.warehouse.client, tenant.id, {
      ...RANGE,
      receivedFrom: NOW + 1,
      receivedTo: NOW + 2,
    });
    expect(found.map(({ offset }) => offset).toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  it('refuse a segment that is none', async () => {
    const segments = [{ segment: "0') OR 1=1 --", from: 0, to: 1 }];
    await expect(
      existingPositions(world.warehouse.client, tenant.id, { ...RANGE, segments }),
    ).rejects.toThrow(RangeError);
  });

  it('are counted by batch, within the time that is given', async () => {
    await insert(2n ** 64n - 1n, [0, 1, 2, 3]);
    await insert(43n, [4]);
    const count = (bounds?: { from: number; to: number }): Promise<number> =>
      countBatch(world.warehouse.client, tenant.id, 2n ** 64n - 1n, bounds);
    expect([await count(), await count({ from: NOW, to: NOW + 1 })]).toEqual([4, 2]);
  });
});

describe('the server', () => {
  it('tells since when it runs', async () => {
    const before = Date.now();
    const { up, startedAt } = await probe(world.warehouse.client, 5_000);
    expect([up, startedAt <= before, startedAt > before - 3_600_000]).toEqual([true, true, true]);
  });

  it('is not up when nobody listens', async () => {
    const client = createWarehouseClient(
      { ...world.warehouse.connection, url: 'http://127.0.0.1:1' },
      'embedded',
    );
    const answer = await probe(client, 1_000);
    await client.close();
    expect(answer).toEqual({ up: false, startedAt: 0 });
  });
});

describe('host names', () => {
  const listed = async (): Promise<Record<string, unknown>> =>
    Object.fromEntries(
      (
        await world.rows<{ hostname: string; at: number }>(
          `SELECT hostname, toUnixTimestamp64Milli(updated_at) AS at FROM ${tableNames(tenant.id).hostnames} FINAL`,
        )
      ).map(({ hostname, at }) => [hostname, at]),
    );

  it('are listed once, with the time of their last beacon', async () => {
    await upsertHostnames(world.warehouse.client, tenant.id, ['a.example', 'b.example', 'a.example'], NOW);
    await upsertHostnames(world.warehouse.client, tenant.id, ['a.example'], NOW + 1_500);
    expect(await listed()).toEqual({ 'a.example': NOW + 1_500, 'b.example': NOW });
  });

  it('beyond the bound are left out, while known ones are renewed', async () => {
    await upsertHostnames(world.warehouse.client, tenant.id, ['a.example', 'b.example'], NOW, 2);
    const left = await upsertHostnames(
      world.warehouse.client,
      tenant.id,
      ['c.example', 'b.example'],
      NOW + 1,
      2,
    );
    expect([left, await listed()]).toEqual([1, { 'a.example': NOW, 'b.example': NOW + 1 }]);
  });

  it('that are empty or longer than a name can be are not listed', async () => {
    await upsertHostnames(world.warehouse.client, tenant.id, ['', 'x'.repeat(254)], NOW);
    expect(await listed()).toEqual({});
  });

  it('are due again after a while only', () => {
    const notes = createHostnameNotes(60_000);
    const due = (names: readonly string[], now: number): readonly string[] =>
      notes.due(tenant.id, names, now);
    expect([due(['a', 'b', 'a', ''], 0), due(['a', 'c'], 59_999), due(['a', 'c'], 60_000)]).toEqual([
      ['a', 'b'],
      ['c'],
      ['a'],
    ]);
  });
});
