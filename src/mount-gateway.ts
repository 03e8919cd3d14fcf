import { join } from 'node:path';
import { openDatabase } from '#database';
import { createGateway, createTokens, loadSigningKey } from '#gateway';
import { gatewayTables, openPersistentStore } from '#gateway/admin';
import type { Warehouse } from '#warehouse';
import type { AppContext } from './app.ts';
import { createModules, moduleTables } from './modules.ts';

/** Opens the control database and puts the gateway, with the built-in modules, behind every path that nobody else answers. */
export const mountGateway = async (context: AppContext, _warehouse: Warehouse): Promise<void> => {
  const { config, clock, log, metrics, registry, lifecycle, dataDir, door } = context;
  const database = lifecycle.add(
    'database',
    await openDatabase({
      url: config.database.url,
      path: join(dataDir, 'control.sqlite'),
      migrations: [...gatewayTables, ...moduleTables],
    }),
  );
  const key = await loadSigningKey(config.gateway.signingKey, join(dataDir, 'signing-key'));
  const tokens = createTokens({ ...config.gateway, key }, clock);
  const modules = createModules({ database, registry, tokens, clock });
  const store = lifecycle.add(
    'module-store',
    await openPersistentStore({ database, builtIn: modules.map(({ descriptor }) => descriptor), clock, log }),
  );
  const gateway = lifecycle.add(
    'gateway',
    createGateway(
      { registry, store, modules, tokens, clock, log: log.child('gateway'), metrics },
      {
        ...config.gateway,
        operatorToken: context.operatorToken,
        url: () => (config.gateway.url === '' ? `http://localhost:${context.port}` : config.gateway.url),
        keepTracesMs: config.gateway.traceMinutes * 60_000,
      },
    ),
  );
  door.mount('/', gateway.handle);
};
