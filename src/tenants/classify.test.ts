import { describe, expect, it } from 'vitest';
import { acceptsHost, classify } from './classify.ts';
import { parseUsersMap } from './parse.ts';
import { createSnapshot } from './snapshot.ts';

const { tenants, relations } = parseUsersMap(`
- user: { prefix: shop, brum_trace: [Shop-1, Shop-2], expire: 2028-02-29, hostnames: [shop.bg], only_hostnames: true }
- user: { prefix: news, brum_trace: "news" }
- user: { prefix: agency }
`);
const snapshot = createSnapshot('test', 0, tenants, relations);
const END_OF_DAY = Date.parse('2028-03-01T00:00:00Z');

describe('a beacon', () => {
  it.each([
    ['of a trace belongs to its tenant', 'Shop-1', 0, 'shop'],
    ['of another trace of the tenant belongs to it, too', 'Shop-2', 0, 'shop'],
    ['is valid in the last millisecond of the last day', 'Shop-1', END_OF_DAY - 1, 'shop'],
    ['is expired from the next one on', 'Shop-1', END_OF_DAY, 'expired'],
    ['of a tenant without expiry never expires', 'news', 8.64e15, 'news'],
    ['with a trace in other letters is unknown', 'shop-1', 0, 'unknown'],
    ['with the prefix as trace is unknown', 'agency', 0, 'unknown'],
    ['with an empty trace is unknown', '', 0, 'unknown'],
    ['without a trace is unknown', null, 0, 'unknown'],
    ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'].map(
      (trace) => [`with the trace ${trace} is unknown`, trace, 0, 'unknown'] as const,
    ),
  ] as const)('%s', (_, trace, now, destination) => {
    expect(classify(snapshot, trace, now)).toBe(destination);
  });

  it.each([
    ['its own host', 'shop', 'shop.bg', true],
    ['its own host in capitals', 'shop', 'SHOP.BG', true],
    ['a host below its own', 'shop', 'www.shop.bg', false],
    ['no host', 'shop', null, false],
    ['any host, when it has no such rule', 'news', 'shop.bg', true],
  ] as const)('of a tenant is judged by host: %s', (_, id, host, accepted) => {
    const tenant = snapshot.byId(id);
    expect(tenant && acceptsHost(tenant, host)).toBe(accepted);
  });
});
