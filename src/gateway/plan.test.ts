import { expect, it } from 'vitest';
import { parseDescriptor } from './descriptor.ts';
import { compileModule } from './entry.ts';
import { planRequest } from './plan.ts';
import { buildTable } from './routes.ts';

const table = buildTable(
  [
    {
      id: 'old-1.0.0',
      filters: [
        {
          methods: ['GET'],
          pathPattern: '/old/{tenantId}',
          phase: 'pre',
          type: 'redirect',
          redirectPath: '/tenants/shop/data',
        },
      ],
    },
    {
      id: 'data-1.0.0',
      provides: [
        {
          id: 'data',
          version: '1.0',
          handlers: [
            {
              methods: ['GET'],
              pathPattern: '/tenants/{tenantId}/data',
              permissionsRequired: ['data.of-all.get'],
              permissionsRequiredTenant: ['data.own.get'],
            },
          ],
        },
      ],
    },
  ].map((descriptor) => compileModule(parseDescriptor(descriptor))),
);
const required = (path: string, tenant: string): unknown => {
  const plan = planRequest(table, { method: 'GET', path, uri: path, moduleId: null, tenant, hasToken: true });
  return plan.kind === 'plan' && plan.permissionsRequired;
};

it('a path of the own tenant asks for its lesser permission, one of another for the general one', () => {
  expect(required('/tenants/shop/data', 'shop')).toEqual(['data.own.get']);
  expect(required('/tenants/shop/data', 'news')).toEqual(['data.of-all.get']);
});

it('behind a redirect the tenant is that of the path that is called, not of the one that was asked', () => {
  expect(required('/old/shop', 'shop')).toEqual(['data.own.get']);
  expect(required('/old/news', 'news')).toEqual(['data.of-all.get']);
  expect(required('/old/news', 'shop')).toEqual(['data.own.get']);
});
