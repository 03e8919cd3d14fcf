import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '#gateway';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';
import type { SystemModule } from '../../support/system-module.ts';

const ticking: ModuleDescriptor = {
  id: 'mod-tick-1.0.0',
  provides: [
    {
      id: '_timer',
      version: '1.0',
      interfaceType: 'system',
      handlers: [
        { methods: ['POST'], pathPattern: '/tick', unit: 'millisecond', delay: '100' },
        { methods: ['GET'], pathPattern: '/daily', schedule: { cron: '3 5 * * *', zone: 'Europe/Sofia' } },
        { methods: ['POST'], pathPattern: '/never', unit: 'day', delay: '30' },
      ],
    },
  ],
};

let world: OkapiWorld;
let module: SystemModule;
beforeAll(async () => {
  world = await startOkapiWorld(
    [
      '- user: { prefix: diku, expire: 2035-01-01 }',
      '- user: { prefix: roma, expire: 2035-01-01 }',
      '- user: { prefix: over, expire: 2020-01-01 }',
      '',
    ].join('\n'),
  );
  module = await world.run(ticking);
  for (const tenant of ['diku', 'roma', 'over'])
    await world.must('POST', `/_/proxy/tenants/${tenant}/modules`, { id: ticking.id });
});
afterAll(() => world?.remove());

const seen = (tenant: string, url = '/tick'): number =>
  module.calls.filter((call) => call.url === url && call.headers['x-okapi-tenant'] === tenant).length;
const timers = '/_/proxy/tenants/diku/timers';
const patch = (path: string, body: unknown) => world.ask('PATCH', path, body);
const entryOf = async (id: string) =>
  (await world.must('GET', `${timers}/${id}`)).json<{ routingEntry: Record<string, unknown> }>().routingEntry;

describe('§2.8 timers', () => {
  test('call the module for each tenant, as the system, with the method that it says', async () => {
    await poll('both tenants are called twice', () => seen('diku') > 1 && seen('roma') > 1);
    const call = module.calls.find(({ url }) => url === '/tick');
    expect(call).toMatchObject({ method: 'POST', body: '' });
    expect(call?.headers['x-okapi-user-id']).toBeUndefined();
    expect(seen('over')).toBe(0);
    expect(module.calls.some(({ url }) => url === '/daily' || url === '/never')).toBe(false);
  });

  test('are listed by product and number', async () => {
    const list = (await world.must('GET', timers)).json<{ id: string }[]>();
    expect(list.map(({ id }) => id)).toEqual(['mod-tick_0', 'mod-tick_1', 'mod-tick_2']);
    expect(list[0]).toEqual({
      id: 'mod-tick_0',
      routingEntry: ticking.provides?.[0]?.handlers?.[0],
    });
    expect((await world.ask('GET', `${timers}/mod-tick_9`)).status).toBe(404);
    expect((await world.ask('GET', '/_/proxy/tenants/nobody/timers')).status).toBe(404);
  });

  test('are switched off by a delay of 0, for one tenant only, and reset by {}', async () => {
    expect(await patch(`${timers}/mod-tick_0`, { delay: '0' })).toMatchObject({ status: 204, text: '' });
    expect(await entryOf('mod-tick_0')).toMatchObject({ unit: 'millisecond', delay: '0' });
    const [diku, roma] = [seen('diku'), seen('roma')];
    await poll('the other tenant is still called', () => seen('roma') >= roma + 2);
    // One call may have been under way when the timer was switched off.
    expect(seen('diku')).toBeLessThanOrEqual(diku + 1);
    const stopped = seen('diku');
    await patch(`${timers}/mod-tick_0`, {});
    expect(await entryOf('mod-tick_0')).toMatchObject({ delay: '100' });
    await poll('the tenant is called again', () => seen('diku') > stopped);
  });

  test('are changed from a schedule to a delay and back, by either path', async () => {
    await patch(`${timers}/mod-tick_1`, { unit: 'second', delay: '1' });
    expect(await entryOf('mod-tick_1')).toEqual({
      methods: ['GET'],
      pathPattern: '/daily',
      unit: 'second',
      delay: '1',
    });
    await poll('the changed timer calls', () => seen('diku', '/daily') > 0);
    const schedule = { cron: '0 4 * * *', zone: 'UTC' };
    expect((await patch(timers, { id: 'mod-tick_1', routingEntry: { schedule } })).status).toBe(204);
    expect(await entryOf('mod-tick_1')).toEqual({ methods: ['GET'], pathPattern: '/daily', schedule });
    expect((await patch(timers, { id: 'mod-tick_1' })).status).toBe(204);
    expect(await entryOf('mod-tick_1')).toEqual(ticking.provides?.[0]?.handlers?.[1]);
  });

  test('cannot be made to call something else', async () => {
    const whole = { methods: ['DELETE'], pathPattern: '/_/tenant', unit: 'day', delay: '1' };
    expect((await patch(`${timers}/mod-tick_2`, whole)).status).toBe(204);
    expect(await entryOf('mod-tick_2')).toEqual({
      methods: ['POST'],
      pathPattern: '/never',
      unit: 'day',
      delay: '1',
    });
  });

  test('are not changed by what cannot be read', async () => {
    for (const [body, text] of [
      [{ unit: 'year', delay: '1' }, 'unit: '],
      [{ delay: '-1' }, 'delay: '],
      [{ schedule: { cron: 'sometimes' } }, 'schedule: "sometimes" in the zone UTC is no time'],
      [{ schedule: { cron: '0 4 * * *', zone: 'Mars/Base' } }, 'schedule: '],
      [{ odd: 1 }, 'Unrecognized field "odd"'],
    ] as const) {
      const answer = await patch(`${timers}/mod-tick_2`, body);
      expect(answer.status).toBe(400);
      expect(answer.text).toContain(text);
    }
    expect((await patch(`${timers}/none_0`, { delay: '1' })).status).toBe(404);
    expect((await patch('/_/proxy/tenants/nobody/timers/mod-tick_0', { delay: '1' })).status).toBe(404);
  });

  test('end when the module is disabled', async () => {
    await world.must('DELETE', `/_/proxy/tenants/roma/modules/${ticking.id}`);
    const before = seen('roma');
    const others = seen('diku');
    await poll('other tenants go on', () => seen('diku') >= others + 2);
    expect(seen('roma')).toBeLessThanOrEqual(before + 1);
  });
});
