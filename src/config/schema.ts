import { z } from 'zod';

const bytes = (value: number) =>
  z
    .int()
    .positive()
    .max(2 ** 40)
    .default(value);
const milliseconds = (value: number) => z.int().nonnegative().max(86_400_000).default(value);
const perSecond = (value: number) => z.int().nonnegative().max(1_000_000).default(value);
const texts = (values: string[]) => z.array(z.string().min(1)).default(values);

/** The door for beacons. */
const collector = z.strictObject({
  trace_parameters: texts(['brum_trace', 'brum_site_id', 'subscription_id']).describe(
    'names of the parameter that names the tenant, in order of preference; in the query or in the body',
  ),
  max_body_bytes: bytes(262_144).describe('a larger body is answered 413'),
  max_header_bytes: bytes(32_768).describe('request line and headers together; more is answered 431'),
  max_headers: z.int().min(10).max(900).default(100).describe('number of headers; more is answered 431'),
  max_parameters: z
    .int()
    .positive()
    .default(5_000)
    .describe('parameters in one beacon; more is answered 413'),
  tenant_beacons_per_second: perSecond(10_000).describe(
    'so many of one organization, ten seconds of it at once; more is answered 429; one of more than 16 KiB counts once for each 16 KiB; 0 = no bound',
  ),
  network_beacons_per_second: perSecond(5_000).describe(
    'so many from one network of visitors (/24, /64), for whomever: behind a proxy with a public address that is not in trusted_proxies everybody is one network; 0 = no bound',
  ),
  unknown_beacons_per_second: perSecond(500).describe('so many that belong to no organization; 0 = no bound'),
  unknown_bytes_per_hour: z
    .int()
    .nonnegative()
    .default(1_073_741_824)
    .describe(
      'beacons that belong to no organization may take so much an hour, about; more is answered 429; 0 = no bound',
    ),
  max_connections: z
    .int()
    .positive()
    .default(10_000)
    .describe('more are dropped; at most the open files that the system allows, less 512'),
  header_timeout_ms: milliseconds(10_000),
  body_timeout_ms: milliseconds(15_000),
  trusted_proxies: texts([]).describe(
    'addresses or CIDR ranges whose X-Forwarded-For (also of requests for the gateway) and CF-IPCountry/CF-IPCity are believed',
  ),
  client_address: z
    .enum(['drop', 'anonymise', 'keep'])
    .default('anonymise')
    .describe('what is kept of it: nothing, /24 or /48 (country and city are still found), or all of it'),
  honour_gpc: z.boolean().default(false).describe('beacons with Sec-GPC: 1 are counted and not stored'),
  honour_dnt: z.boolean().default(false).describe('beacons with DNT: 1 are counted and not stored'),
});

/** The durable queue between collector and loader. */
const journal = z.strictObject({
  sync: z
    .enum(['always', 'interval', 'never'])
    .default('always')
    .describe(
      'when fdatasync runs: before each group of answers, every sync_interval_ms, or left to the system',
    ),
  sync_interval_ms: milliseconds(200),
  segment_bytes: bytes(67_108_864),
  max_bytes: z
    .int()
    .nonnegative()
    .default(0)
    .describe('refuse beacons (503) when the journal is larger; 0 = as much as the disk holds'),
  reserve_bytes: z
    .union([z.literal('auto'), z.int().nonnegative()])
    .default('auto')
    .describe(
      'refuse beacons (503) when less is free on the disk, so that what is in the journal can still be loaded; auto = 5 % of the disk, at most 1 GiB; 0 = none',
    ),
  keep_loaded_minutes: z.int().nonnegative().default(60).describe('how long loaded segments are kept'),
});

/** HTTPS at the same door. */
const tls = z.strictObject({
  mode: z.enum(['off', 'file', 'acme']).default('off'),
  cert_file: z.string().default(''),
  key_file: z.string().default(''),
  domain: z.string().default('').describe('for acme: the name the certificate is asked for'),
  email: z.string().default(''),
  directory_url: z.string().default('').describe("for acme: default Let's Encrypt"),
  http_port: z.int().min(0).max(65_535).default(80).describe('for acme: where the challenge is answered'),
});

/** From journal to archive and warehouse. */
const loader = z.strictObject({
  window_ms: milliseconds(1_000).describe('a round of loading starts at least this often while beacons wait'),
  round_rows: z.int().positive().default(20_000).describe('beacons in one round at most'),
  inserts_per_second: z.int().positive().default(50).describe('budget for all tenants together'),
  parallel_inserts: z.int().positive().default(4),
  geo_database: z
    .string()
    .default('')
    .describe('path of a MaxMind-format database (.mmdb); empty: the embedded country database; "off": none'),
  page_groups: z
    .array(z.strictObject({ path: z.string(), group: z.string() }))
    .default([])
    .describe('rules, first match wins: path with * as wildcard, and the name of the page group'),
  keep_query: z
    .boolean()
    .default(true)
    .describe('false: the query of page addresses is cut before it is stored'),
  keep_user_agent: z.boolean().default(true),
});

/** The backup folders. */
const archive = z.strictObject({
  compression: z.enum(['gzip', 'zstd', 'none']).default('zstd').describe('of daily archives'),
  level: z.int().min(1).max(19).default(6),
});

/** ClickHouse: embedded when `url` is empty, otherwise a server or cluster. */
const clickhouse = z.strictObject({
  url: z.string().default(''),
  username: z.string().default('default'),
  password: z.string().default(''),
  database: z.string().default('default'),
  cluster: z.string().default('').describe('name of the cluster for ON CLUSTER; empty: one server'),
  engine_memory_bytes: bytes(671_088_640).describe('limit of the embedded engine'),
  engine_threads: z.int().positive().default(2),
  parallel_migrations: z.int().positive().default(4),
});

/** The control database: SQLite in the data folder when `url` is empty, otherwise `postgres://…`. */
const database = z.strictObject({
  url: z
    .string()
    .refine((url) => url === '' || (/^postgres(ql)?:/.test(url) && URL.canParse(url)), {
      error: 'expected postgres://user:password@host:port/name, or nothing',
    })
    .default(''),
});

/** As long as the digest that it protects. */
const LEAST_KEY_BYTES = 32;

/** The gateway. */
const gateway = z.strictObject({
  url: z.string().default('').describe('X-Okapi-Url for modules; default http://localhost:<port>'),
  cors_origins: texts([]).describe('origins that may call with credentials; empty: none'),
  module_timeout_ms: milliseconds(60_000).describe('a module that does not answer in time is a 504'),
  connect_timeout_ms: milliseconds(5_000),
  client_timeout_ms: milliseconds(30_000).describe(
    'a client that neither sends the rest of its body nor reads the answer for so long is let go',
  ),
  max_buffered_body_bytes: bytes(1_048_576).describe(
    'bodies that must be held (rules, request-only): more is 413',
  ),
  allow_exec: z.boolean().default(false).describe('may launch descriptors start processes on this machine'),
  discovery_allow: texts([
    '127.0.0.0/8',
    '::1/128',
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
  ]).describe('addresses where modules may run'),
  admin_port: z
    .union([z.literal('none'), z.int().min(0).max(65_535)])
    .default('none')
    .describe(
      'a port of its own for everything under /_/ but version and health, which is then 404 on the other one; 0: any free one; none: one port for all',
    ),
  admin_host: z
    .string()
    .min(1)
    .default('127.0.0.1')
    .describe('address to listen on for admin_port; there is no HTTPS'),
  require_instance_secrets: z
    .boolean()
    .default(false)
    .describe('must every instance of a remote module have a secret; those without get no request'),
  trace_minutes: z
    .int()
    .nonnegative()
    .default(60)
    .describe('how long the trace of hops of a request is kept'),
  signing_key: z
    .string()
    .refine((key) => key === '' || Buffer.byteLength(key) >= LEAST_KEY_BYTES, {
      error: `expected at least ${LEAST_KEY_BYTES} bytes, or nothing`,
    })
    .default('')
    .describe('at least 32 bytes; default: made at the first start and kept'),
  access_token_seconds: z.int().positive().default(600),
  refresh_token_seconds: z.int().positive().default(604_800),
});

/**
 * The static configuration: read once at start. Keys are snake_case in the file; `RUMBRELLA_` + the path in capitals is
 * the same key as an environment variable (`journal.sync` is `RUMBRELLA_JOURNAL_SYNC`).
 */
export const configSchema = z.strictObject({
  port: z.int().min(0).max(65_535).default(8_080).describe('everything is on this port; 0: any free one'),
  host: z.string().default('').describe('address to listen on; empty: all'),
  data_dir: z.string().default('./data'),
  users_map: z.string().default('./users-map.yaml'),
  operator_token: z
    .string()
    .default('')
    .describe('default: made at the first start, shown once, kept in data_dir'),
  metrics_public: z
    .boolean()
    .default(false)
    .describe('may anybody read /metrics; otherwise loopback or the token'),
  demo: z.boolean().default(true).describe('the demo organizations and their site'),
  demo_history: z
    .boolean()
    .default(true)
    .describe('four weeks of made-up page views for the demo organizations, marked as generated'),
  demo_password: z.string().default(''),
  log_level: z.enum(['error', 'warn', 'info', 'debug', 'silent']).default('info'),
  collector: collector.prefault({}),
  journal: journal.prefault({}),
  tls: tls.prefault({}),
  loader: loader.prefault({}),
  archive: archive.prefault({}),
  clickhouse: clickhouse.prefault({}),
  database: database.prefault({}),
  gateway: gateway.prefault({}),
});

type CamelCase<S extends string> = S extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;
type CamelCased<T> = T extends readonly (infer Item)[]
  ? readonly CamelCased<Item>[]
  : T extends object
    ? { readonly [K in keyof T as CamelCase<K & string>]: CamelCased<T[K]> }
    : T;

/** The configuration as the code uses it: the schema's keys in camelCase, deeply read-only. */
export type Config = CamelCased<z.infer<typeof configSchema>>;
