import { afterAll, beforeAll, describe } from 'vitest';
import { concurrencyContract } from './clickhouse/concurrency.ts';
import { errorContract } from './clickhouse/errors.ts';
import { httpContract } from './clickhouse/http.ts';
import { insertContract } from './clickhouse/inserts.ts';
import { parameterContract } from './clickhouse/parameters.ts';
import { queryContract } from './clickhouse/queries.ts';
import { settingsContract } from './clickhouse/settings.ts';
import { type Target, targetKinds } from './clickhouse/target.ts';

// What the product and the official client need of ClickHouse's HTTP protocol, written once and run against the
// embedded engine, and against a server when RUMBRELLA_CLICKHOUSE_URL names one.
describe.each(targetKinds())('the protocol of $name', ({ open }) => {
  let target: Target;
  const get = (): Target => target;

  beforeAll(async () => {
    target = await open();
  });
  afterAll(() => target?.stop());

  queryContract(get);
  parameterContract(get);
  insertContract(get);
  settingsContract(get);
  errorContract(get);
  concurrencyContract(get);
  httpContract(get);
});
