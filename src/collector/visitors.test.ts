import { describe, expect, test } from 'vitest';
import { CATCHER, refused, start } from '../../test/support/running-collector.ts';

/** What the collector keeps of a visitor, and what it never does. */
describe('what is kept of a visitor', () => {
  test.each([
    ['Sec-GPC', { honourGpc: true }, { 'sec-gpc': '1' }],
    ['DNT', { honourDnt: true }, { dnt: '1' }],
  ])('counts and does not store a beacon with %s where it is honoured', async (_, options, headers) => {
    const { send, counter, entries } = await start(options);
    expect((await send(`${CATCHER}?brum_trace=other`, { headers })).status).toBe(204);
    expect(await entries()).toEqual([]);
    expect(await counter(...refused('privacy', 'fashion_bg'))).toBe(1);
  });

  test('stores beacons with Sec-GPC and DNT where they are not honoured', async () => {
    const { send, entries } = await start();
    await send(CATCHER, { headers: { 'sec-gpc': '1', dnt: '1' } });
    expect(await entries()).toHaveLength(1);
  });

  test('keeps useful headers and neither cookies nor credentials nor the address of the visitor', async () => {
    const { send, entries } = await start({ clientAddress: 'drop' });
    await send(CATCHER, {
      headers: {
        'User-Agent': 'Mozilla/5.0',
        'ACCEPT-LANGUAGE': 'bg',
        Cookie: 'secret=1',
        Authorization: 'Bearer secret',
        'X-Forwarded-For': '203.0.113.7',
        'CF-IPCountry': 'BG',
        'X-Other': 'secret',
      },
    });
    const [entry] = await entries();
    expect(entry?.record.headers.map(([name]) => name).toSorted()).toEqual([
      'accept-language',
      'host',
      'user-agent',
    ]);
    expect(entry?.record).toMatchObject({ clientAddress: '', country: '', city: '' });
  });

  test('believes a trusted proxy about the visitor, and keeps only the network', async () => {
    const { send, entries } = await start({ trustedProxies: ['127.0.0.1/32', '10.0.0.0/8'] });
    await send(CATCHER, {
      headers: {
        'X-Forwarded-For': '6.6.6.6, 203.0.113.77, 10.1.2.3',
        'CF-IPCountry': 'bg',
        'CF-IPCity': Buffer.from('София').toString('latin1'),
      },
    });
    const [entry] = await entries();
    expect(entry?.record).toMatchObject({ clientAddress: '203.0.113.0', country: 'BG', city: 'София' });
  });
});
