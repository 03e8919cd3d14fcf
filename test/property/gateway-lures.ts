import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import type { ModuleResponse } from '#gateway/contract';

/** Where modules may run; 127.0.0.2 is just beside it. */
export const ALLOWED = '127.0.0.1';

/** Spellings of addresses where none may run. */
export const FORBIDDEN = [
  '127.0.0.2',
  '127.2',
  '2130706434',
  '0x7f000002',
  '0177.0.0.2',
  '[::ffff:127.0.0.2]',
  '[::ffff:7f00:2]',
  '[::1]',
  '[::]',
  '0.0.0.0',
  'moved.test',
] as const;

/** Names and where they point to. There is no name server here, so the system's look-up is asked for the others only. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'moved.test': ['127.0.0.2'],
  'both.test': ['127.0.0.2', ALLOWED],
};

/** Answers for `NAMES` as `dns.lookup` does when all addresses are wanted. Returns the function that ends it. */
export const knowNames = (): (() => void) => {
  const { lookup } = dns;
  const known = (name: string, options: unknown, callback: (...found: readonly unknown[]) => void): void => {
    const addresses = NAMES[name];
    if (addresses === undefined) return Reflect.apply(lookup, dns, [name, options, callback]);
    setImmediate(() =>
      callback(
        null,
        addresses.map((address) => ({ address, family: 4 })),
      ),
    );
  };
  const replaced = { lookup: known };
  Object.assign(dns, replaced);
  syncBuiltinESMExports();
  return () => {
    Object.assign(dns, { lookup });
    syncBuiltinESMExports();
  };
};

/** Ways in which a client may try to have somebody else called; `there` is a host and port. */
export const LURES: Readonly<
  Record<
    string,
    (there: string) => { readonly path?: string; readonly headers?: Readonly<Record<string, string>> }
  >
> = {
  nothing: () => ({}),
  'the host': (there) => ({ headers: { host: there } }),
  'an absolute target': (there) => ({ path: `http://${there}/one` }),
  'a path that begins with two slashes': (there) => ({ path: `//${there}/one` }),
  'a user before the host': (there) => ({ path: `/one/@${there}` }),
  'the internal URL': (there) => ({ headers: { 'x-okapi-url': `http://${there}` } }),
  'where a system call goes': (there) => ({ headers: { 'x-okapi-url-to': `http://${there}` } }),
  'a proxy': (there) => ({ headers: { 'x-forwarded-host': there, forwarded: `host=${there}` } }),
  'another module': (there) => ({ headers: { 'x-okapi-module-id': `http://${there}` } }),
};

/** What a module may answer to have somebody else called. */
export const answers = (there: string): readonly ModuleResponse[] => [
  { status: 200, body: 'fine' },
  ...[301, 302, 307, 308].map((status) => ({ status, headers: { location: `http://${there}/one` } })),
  {
    status: 200,
    headers: { 'alt-svc': `http/1.1="${there}"`, refresh: `0; url=http://${there}/`, link: there },
  },
  { status: 401, headers: { 'x-okapi-url': `http://${there}` } },
];
