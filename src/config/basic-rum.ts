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
 * on `BRUM_DATABASE_PORT` (9000); here it is HTTP, so 9000 is read as 8123.
 */
export const basicRumSettings = (env: Env): Record<string, unknown> => {
  const settings: Record<string, unknown> = {};
  const take = (name: string, path: string, read: (text: string) => unknown = (text) => text): void => {
    const text = env[name];
    if (text !== undefined && text !== '') settings[path] = read(text);
  };
  take('BRUM_SERVER_PORT', 'port', Number);
  if (isTrue(env['BRUM_SERVER_SSL'])) {
    settings['tls.mode'] = env['BRUM_SERVER_SSL_TYPE'] === 'LETS_ENCRYPT' ? 'acme' : 'file';
    take('BRUM_SERVER_SSL_CERT_FILE', 'tls.cert_file');
    take('BRUM_SERVER_SSL_KEY_FILE', 'tls.key_file');
    take('BRUM_SERVER_SSL_LETS_ENCRYPT_DOMAIN', 'tls.domain');
  }
  const host = env['BRUM_DATABASE_HOST'];
  if (host !== undefined && host !== '') {
    const port = env['BRUM_DATABASE_PORT'] ?? '9000';
    settings['clickhouse.url'] = `http://${host}:${port === '9000' ? '8123' : port}`;
    take('BRUM_DATABASE_USERNAME', 'clickhouse.username');
    take('BRUM_DATABASE_PASSWORD', 'clickhouse.password');
    take('BRUM_DATABASE_NAME', 'clickhouse.database');
  }
  take('BRUM_COMPRESSION_TYPE', 'archive.compression', (text) => COMPRESSION[text.toLowerCase()] ?? 'none');
  take('BRUM_COMPRESSION_LEVEL', 'archive.level', (text) => LEVEL[text.toLowerCase()] ?? 6);
  return settings;
};

const isTrue = (text: string | undefined): boolean => text !== undefined && /^(true|1|t)$/i.test(text);
