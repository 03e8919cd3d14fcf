import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCollector, prepareServer, serverOptions } from '#collector';
import { loadConfig } from '#config';
import { createLog, createMetrics, systemClock } from '#core';
import { openJournalWriter, type SyncPolicy } from '#journal';
import { createSnapshot, type Tenant, type TenantId } from '#tenants';

/** The collector with a journal in `folder` and `tenants` organizations in the map. Prints its port. */
const [folder = '', tenants = '1', sync = 'always'] = process.argv.slice(2);

const organizations: Tenant[] = Array.from({ length: Number(tenants) }, (_, index) => ({
  id: `tenant_${index}` as TenantId,
  name: `Tenant ${index}`,
  traces: [`trace-${index}`],
  expiresAt: null,
  hostnames: [],
  onlyHostnames: false,
  retentionDays: null,
  beaconsPerSecond: null,
}));
const snapshot = createSnapshot('bench', 0, organizations, []);
// How fast the door is, not how fast it may be: one sender for one organization is more than the quotas allow.
const options = {
  ...loadConfig().collector,
  tenantBeaconsPerSecond: 1_000_000,
  networkBeaconsPerSecond: 1_000_000,
};
const log = createLog('error', 2);
const metrics = createMetrics();
const journal = openJournalWriter({
  folder,
  sync: sync as SyncPolicy,
  syncIntervalMs: 200,
  segmentBytes: 67_108_864,
  maxBytes: 0,
  clock: systemClock,
  log,
  metrics,
});
const collector = createCollector({
  registry: { current: () => snapshot },
  journal,
  clock: systemClock,
  log,
  metrics,
  options,
});
const server = createServer(serverOptions(options), (request, response) => {
  if (!collector.handle(request, response)) response.writeHead(404).end();
});
prepareServer(server, options, metrics);
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
process.on('SIGTERM', () => {
  console.error(JSON.stringify(journal.stats()));
  process.exit(0);
});
