import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { poll } from '../../test/support/poll.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../../test/support/rumbrella.ts';

/*
 * First beacons: a guide that runs.
 *
 * It is read from top to bottom. What stands in comments is for the reader, what stands between them is executed by `npm test`, so the guide
 * cannot be out of date. Every step can be done by hand in a terminal as well; the command is in the comment.
 */

let rumbrella: RunningRumbrella;
const launcher = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));
const rumbrellaCommand = async (...args: readonly string[]): Promise<string> => {
  const env = { PATH: process.env['PATH'] ?? '', RUMBRELLA_OPERATOR_TOKEN: OPERATOR_TOKEN };
  const { stdout } = await promisify(execFile)(process.execPath, [launcher, ...args], {
    cwd: rumbrella.folder,
    env,
  });
  return stdout;
};

beforeAll(async () => {
  // $ npm start
  //
  // One process on one port. Without a configuration it makes two demo organizations and an embedded ClickHouse in ./data.
  rumbrella = await startRumbrella();
});

afterAll(() => rumbrella?.remove());

describe('first beacons', () => {
  test('an organization is added while the process runs', async () => {
    // $ npx rumbrella tenants add fashion_bg --name "Fashion BG" --trace BY83kR5MS5PM
    //
    // The file users-map.yaml has one more entry now. The running process sees it by itself; there is nothing to restart.
    const said = await rumbrellaCommand(
      'tenants',
      'add',
      'fashion_bg',
      '--name',
      'Fashion BG',
      '--trace',
      'BY83kR5MS5PM',
    );
    expect(said).toContain('BY83kR5MS5PM');
    await poll('the process knows it', () =>
      rumbrella.log.find((line) => line['event'] === 'users_map_replaced' && line['added'] === 1),
    );
  });

  test('a beacon names its organization and is answered when it is on disk', async () => {
    // $ curl -i 'http://localhost:8080/beacon/catcher?brum_trace=BY83kR5MS5PM' \
    //     -d 'u=https://fashion.bg/shoes' -d 'pt.lcp=1830' -d 'nt_nav_st=1000' -d 'nt_res_st=1240'
    //
    // Boomerang sends this for you. The trace may stand in the address of the beacon or among its parameters.
    const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=BY83kR5MS5PM`, {
      method: 'POST',
      body: new URLSearchParams({
        u: 'https://fashion.bg/shoes',
        'pt.lcp': '1830',
        nt_nav_st: '1000',
        nt_res_st: '1240',
      }),
    });
    expect(answer.status).toBe(204);
  });

  test('about a second later it is a row in the table of that organization', async () => {
    // $ npx rumbrella sql "SELECT hostname, url_path, largest_contentful_paint AS lcp, first_byte_duration AS ttfb
    //                      FROM fashion_bg_webperf_rum_events"
    const rows = await poll('the row', async () => {
      const found = await rumbrella
        .sql(
          'SELECT hostname, url_path, largest_contentful_paint AS lcp, first_byte_duration AS ttfb FROM fashion_bg_webperf_rum_events',
        )
        .catch(() => []);
      return found.length > 0 && found;
    });
    expect(rows).toEqual([{ hostname: 'fashion.bg', url_path: '/shoes', lcp: 1830, ttfb: 240 }]);
  });

  test('a beacon that nobody is known for waits in the archive until somebody is', async () => {
    const body = new URLSearchParams({ brum_trace: 'new-customer', u: 'https://new.example/' });
    expect((await fetch(`${rumbrella.url}/beacon/catcher`, { method: 'POST', body })).status).toBe(204);

    // $ npx rumbrella tenants add new_customer --trace new-customer
    // $ npx rumbrella replay --folder unknown
    //
    // Replaying twice adds nothing: a row knows where in the journal it came from.
    await rumbrellaCommand('tenants', 'add', 'new_customer', '--trace', 'new-customer');
    const count = async (): Promise<unknown> => {
      await rumbrellaCommand('replay', '--folder', 'unknown');
      const rows = await rumbrella
        .sql('SELECT toUInt32(count()) AS rows FROM new_customer_webperf_rum_events')
        .catch(() => []);
      return rows[0];
    };
    await poll('it is archived and replayed', async () => JSON.stringify(await count()) === '{"rows":1}');
    expect(await count()).toEqual({ rows: 1 });
  });
});
