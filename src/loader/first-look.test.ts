import { expect, test } from 'vitest';
import { createManualClock, type LogFields, silentLog } from '#core';
import type { MigrationProgress } from '#warehouse';
import { beginFirstLook } from './first-look.ts';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a long first look at the tables is told every few seconds, until it is over', async () => {
  const clock = createManualClock(0);
  const told: (LogFields | undefined)[] = [];
  const log = {
    ...silentLog,
    info: (event: string, fields?: LogFields) => void told.push({ event, ...fields }),
  };
  let report: (progress: MigrationProgress) => void = () => undefined;
  let end = (): void => undefined;
  const tables = {
    start: (onProgress: (progress: MigrationProgress) => void = () => undefined): Promise<void> => {
      report = onProgress;
      return new Promise((resolve) => {
        end = resolve;
      });
    },
  };
  const pass = async (): Promise<void> => {
    clock.advance(3_000);
    await settle();
  };
  const look = beginFirstLook(tables, { clock, log });
  await pass();
  expect([look.progress(), told]).toEqual([null, []]);
  report({ done: 10, total: 1_000, failed: 1 });
  report({ done: 20, total: 1_000, failed: 1 });
  await pass();
  await pass();
  const line = { event: 'migrations_progress', done: 20, total: 1_000, failed: 1 };
  expect(told).toEqual([line, line]);
  expect(look.progress()).toEqual({ done: 20, total: 1_000, failed: 1 });
  end();
  await look.over;
  await pass();
  expect([look.progress(), told.length]).toEqual([null, 2]);
});
