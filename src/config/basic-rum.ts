/** Environment of the process. */
type Env = Readonly<Record<string, string | undefined>>;

const COMPRESSION: Readonly<Record<string, string>> = { gzip: 'gzip', zstandard: 'zstd', none: 'none' };
const LEVEL: Readonly<Record<string, number>> = {
  bestspeed: 1,
  default: 6,
  bestcompression: 9,
  huffmanonly: 1,
};

/**
 * What Basic RUM's own variables (`BRUM_*`) mean here, as settings by path. The Go peer speaks ClickHouse's native protocol
 * on `BRUM_DATABASE_PORT` (9000); here it is HTTP, so 9000 is read as 8123. Without `BRUM_SERVER_PORT` it listens on 80, with TLS on 443, and with Let's
 * Encrypt always on 443, `BRUM_SERVER_PORT` being where the challenge is answered: so does this process in its environment.
 */
export const basicRumSettings = (env: Env): Record<string, unknown> => {
  const settings: Record<string, unknown> = {};
  const take = (name: string, path: string, read: (text: string) => unknown = (text) => text): void => {
    const text = env[name];
    if (text !== undefined && text !== '') settings[path] = read(text);
  };
  const hasTls = isTrue(env['BRUM_SERVER_SSL']);
  const isAcme = hasTls && env['BRUM_SERVER_SSL_TYPE'] === 'LETS_ENCRYPT';
  const host = env['BRUM_DATABASE_HOST'] ?? '';
  if (hasTls) settings['port'] = 443;
  // A database host is what the Go peer cannot do without.
  else if (host !== '') settings['port'] = 80;
  take('BRUM_SERVER_PORT', isAcme ? 'tls.http_port' : 'port', Number);
  if (hasTls) {
    settings['tls.mode'] = isAcme ? 'acme' : 'file';
    take('BRUM_SERVER_SSL_CERT_FILE', 'tls.cert_file');
    take('BRUM_SERVER_SSL_KEY_FILE', 'tls.key_file');
    take('BRUM_SERVER_SSL_LETS_ENCRYPT_DOMAIN', 'tls.domain');
  }
  if (host !== '') {
    const port = env['BRUM_DATABASE_PORT'] ?? '9000';
    settings['clickhouse.url'] = `http://${host}:${port === '9000' ? '8123' : port}`;
    take('BRUM_DATABASE_USERNAME', 'clickhouse.username');
    take('BRUM_DATABASE_PASSWORD', 'clickhouse.password');
    take('BRUM_DATABASE_NAME', 'clickhouse.database');
  }
  take('BRUM_COMPRESSION_TYPE', 'archive.compression', (text) => COMPRESSION[text.toLowerCase()] ?? 'none');
  take('BRUM_COMPRESSION_LEVEL', 'archive.level', (text) => LEVEL[text.toLowerCase()] ?? 6);
  if (env['BRUM_COMPRESSION_LEVEL']?.toLowerCase() === 'no') settings['archive.compression'] = 'none';
  return settings;
};

/** A variable of Basic RUM that is set and has no effect here, and what takes its place. */
export interface WithoutEffect {
  readonly name: string;
  readonly reason: string;
}

/** Which `BRUM_*` variables are set to no effect, for the doctor and the start: nobody should rely on one in silence. */
export const basicRumWithoutEffect = (env: Env): readonly WithoutEffect[] =>
  Object.keys(env)
    .filter((name) => name.startsWith('BRUM_') && env[name] !== undefined && env[name] !== '')
    .toSorted()
    .flatMap((name) => {
      const reason = UNUSED.find(([pattern]) => pattern.test(name))?.[1];
      return reason === undefined ? [] : [{ name, reason }];
    });

const UNUSED: readonly (readonly [RegExp, string])[] = [
  [/^BRUM_DATABASE_TABLE_PREFIX$/, 'the prefix of each organization is in the users map'],
  [
    /^BRUM_BACKUP_/,
    'every beacon is in <data folder>/archive; an old backup is read with rumbrella replay FOLDER',
  ],
  [/^BRUM_(SUBSCRIPTION_ENABLED|PRIVATE_API_TOKEN|PERSISTANCE_)/, 'organizations are in the users map'],
  [
    /^BRUM_(?!SERVER_(PORT|SSL|SSL_TYPE|SSL_CERT_FILE|SSL_KEY_FILE|SSL_LETS_ENCRYPT_DOMAIN)$|DATABASE_(HOST|PORT|USERNAME|PASSWORD|NAME)$|COMPRESSION_(TYPE|LEVEL)$)/,
    'Basic RUM has no such variable that is known here',
  ],
];

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(true|1|t)$/i.test(text);
