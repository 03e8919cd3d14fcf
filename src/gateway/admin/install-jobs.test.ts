import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createManualClock, type ManualClock } from '#core';
import { type Database, openDatabase } from '#database';
import { type InstallJob, type InstallJobs, openInstallJobs } from './install-jobs.ts';
import { gatewayTables } from './tables.ts';

let folder: string;
let database: Database;
let clock: ManualClock;
let jobs: InstallJobs;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-jobs-'));
  database = await openDatabase({ url: '', path: join(folder, 'control.sqlite'), migrations: gatewayTables });
  clock = createManualClock(Date.UTC(2026, 10, 22, 12));
  jobs = openInstallJobs(database, clock);
});
afterEach(async () => {
  await database.stop();
  await rm(folder, { recursive: true, force: true });
});

const job: InstallJob = {
  id: 'j',
  complete: false,
  startDate: '2026-11-22T12:00:00.000Z',
  modules: [
    { id: 'a-1.0.0', action: 'enable', stage: 'done' },
    { id: 'b-1.0.0', action: 'enable', stage: 'invoke' },
  ],
};

test('a job whose process says nothing any more is told as interrupted, where it stood', async () => {
  await jobs.save('diku', job);
  clock.advance(59_000);
  expect(await jobs.find('diku', 'j')).toEqual(job);
  clock.advance(2_000);
  expect(await jobs.find('diku', 'j')).toEqual({
    ...job,
    complete: true,
    endDate: '2026-11-22T12:00:00.000Z',
    modules: [
      { id: 'a-1.0.0', action: 'enable', stage: 'done' },
      {
        id: 'b-1.0.0',
        action: 'enable',
        stage: 'invoke',
        message: 'interrupted: the process that carried it out has ended',
      },
    ],
  });
});

test('a job that goes on for long is kept alive until it ends', async () => {
  await jobs.save('diku', job);
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const alive = jobs.keepAlive('diku', 'j', work);
  for (let minute = 0; minute < 30; minute += 1) {
    clock.advance(10_000);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect((await jobs.find('diku', 'j'))?.complete).toBe(false);
  finish();
  await alive;
});

test('jobs are listed from the oldest on, for one tenant', async () => {
  await jobs.save('diku', { ...job, id: 'z' });
  await jobs.save('diku', { ...job, id: 'a', startDate: '2026-11-22T13:00:00.000Z' });
  await jobs.save('roma', job);
  expect((await jobs.of('diku')).map(({ id }) => id)).toEqual(['z', 'a']);
  await jobs.forget('diku');
  expect([await jobs.of('diku'), (await jobs.of('roma')).length]).toEqual([[], 1]);
});
