import { openCredentialsStore } from './credentials.ts';
import { createKbEbsco } from './server.ts';

/** `node examples/kb-ebsco/main.ts [port] [file]`: the module on a port, with its credentials in a file; RUMBRELLA_INSTANCE_SECRET as registered. */
const [port = '9081', file = ':memory:'] = process.argv.slice(2);
const store = openCredentialsStore(file);
const server = createKbEbsco(store, process.env['RUMBRELLA_INSTANCE_SECRET']).listen(
  Number(port),
  '127.0.0.1',
  () => {
    process.stdout.write(`kb-ebsco answers on ${JSON.stringify(server.address())}\n`);
  },
);
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    server.close(() => store.close());
    server.closeAllConnections();
  });
}
