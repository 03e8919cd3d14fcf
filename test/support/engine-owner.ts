import { silentLog } from '#core';
import { openWarehouse } from '#warehouse';

// A process of its own that opens the warehouse of a data folder, says so, and stays: `node engine-owner.ts FOLDER`.
const warehouse = await openWarehouse({
  url: '',
  username: '',
  password: '',
  database: 'default',
  cluster: '',
  dataDir: process.argv[2] ?? '',
  memoryBytes: 640 * 2 ** 20,
  threads: 2,
  log: silentLog,
});
process.stdout.write(
  `${JSON.stringify({ url: warehouse.connection.url, ownsEngine: warehouse.ownsEngine })}\n`,
);
process.on('SIGTERM', () => void warehouse.stop());
