import { describe, expect, it } from 'vitest';
import type { Module } from '#gateway/contract';
import { type Hosting, spyModule } from '../../../support/gateway-world.ts';
import { filter, of, post, seen, serving, startPipeline, world } from '../../../support/pipeline-world.ts';

/** Which headers of an answer reach the entries after it. */
describe.each<Hosting>(['in process', 'remote'])(
  'headers of an answer for later entries over modules %s',
  (hosting) => {
    const start = (...modules: Module[]): Promise<void> => startPipeline(hosting, ...modules);

    it('§1.8.4 hands X- headers of a filter on to the handler, and no others', async () => {
      await start(
        filter('pre', { phase: 'pre', type: 'headers' }, () => ({
          status: 200,
          headers: { 'X-Found': 'here', etag: 'no' },
        })),
        serving(),
      );
      await post();
      expect(of('serving')?.headers['x-found']).toBe('here');
      expect(of('serving')?.headers['etag']).toBeUndefined();
    });

    it('§1.8.4 never takes tenant, user, token, permissions or url from an answer', async () => {
      const lies = {
        'X-Okapi-User-Id': 'root',
        'X-Okapi-Permissions': '["all"]',
        'X-Okapi-Token': 'forged',
        'X-Okapi-Url': 'http://evil',
        x_okapi_tenant: 'other',
        'X-Forwarded-For': '1.2.3.4',
      };
      await start(
        filter('pre', { phase: 'pre', type: 'headers' }, () => ({ status: 200, headers: lies })),
        serving(),
      );
      await post();
      const headers = of('serving')?.headers ?? {};
      expect(headers['x-okapi-url']).toBe(world.url);
      expect(headers['x-okapi-token']).not.toBe('forged');
      for (const name of ['x-okapi-user-id', 'x-okapi-permissions', 'x_okapi_tenant', 'x-forwarded-for'])
        expect(headers[name]).toBeUndefined();
    });

    it('§1.8.4 hands on of a module with metadata.relayHeaders only those', async () => {
      const listed = spyModule(
        {
          id: 'pre-1.0.0',
          metadata: { relayHeaders: ['X-Found'] },
          filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers' }],
        },
        seen,
        () => ({ status: 200, headers: { 'X-Found': 'a', 'X-Other': 'b' } }),
      );
      await start(listed, serving());
      await post();
      expect(of('serving')?.headers).toMatchObject({ 'x-found': 'a' });
      expect(of('serving')?.headers['x-other']).toBeUndefined();
    });
  },
);
