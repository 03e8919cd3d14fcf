import { describe, expect, it } from 'vitest';
import { seen, start, world } from '../support/notes-gateway.ts';

/** Rules of a relation that look at the body: what they judge is what the module gets. */
describe('a request', () => {
  it('is resolved by a rule that looks at the body, and the module gets the whole body', async () => {
    await start();
    const body = JSON.stringify({ domain: 'press', text: 'x'.repeat(10_000) });
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      body,
    });
    expect(answer.status).toBe(201);
    expect(seen[0]).toMatchObject({ tenant: 'news', body });
  });

  it('cannot pass a rule by with an encoded body', async () => {
    await start();
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: {
        'X-Okapi-Tenant': 'agency',
        'X-Okapi-Token': world.token('agency'),
        'Content-Encoding': 'gzip',
      },
      body: JSON.stringify({ domain: 'press' }),
    });
    expect(answer.status).toBe(415);
    expect(seen).toEqual([]);
  });

  it.each([
    ['UTF-16', Buffer.from('{"domain":"press"}', 'utf16le'), {}, 400],
    ['two members of one name', '{"domain":"press","domain":"rum"}', {}, 400],
    ['no JSON', 'domain=press', {}, 400],
    ['a form', '{"domain":"press"}', { 'Content-Type': 'multipart/form-data; boundary=x' }, 415],
    ['another charset', '{"domain":"rum"}', { 'Content-Type': 'application/json;charset=utf-7' }, 415],
  ])('cannot pass a rule by with a body of %s', async (_, body, headers, status) => {
    await start();
    world.store.enable('agency', 'mod-notes-1.0.0');
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency'), ...headers },
      body,
    });
    expect(answer.status).toBe(status);
    expect(seen).toEqual([]);
  });

  it('stays at home with a body that no rule claims, or without one', async () => {
    await start();
    world.store.enable('agency', 'mod-notes-1.0.0');
    for (const body of [JSON.stringify({ domain: 'rum' }), '']) {
      const headers = { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') };
      const answer = await world.send({ method: 'POST', path: '/notes', headers, body });
      expect(answer.status).toBe(201);
    }
    expect(seen.map(({ tenant }) => tenant)).toEqual(['agency', 'agency']);
  });

  it('is refused with 413 when a rule would have to hold too much of it', async () => {
    await start();
    const answer = await world.send({
      method: 'POST',
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      body: JSON.stringify({ domain: 'press', text: 'x'.repeat(1_100_000) }),
    });
    expect(answer.status).toBe(413);
    expect(seen).toEqual([]);
  });
});
