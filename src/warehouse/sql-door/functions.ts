/**
 * Functions that reach out of ClickHouse, or hold a statement up, wherever they are called; table functions and scalar
 * ones. In lower case. Names that begin with one of `FAMILIES` belong to them, too (`s3Cluster`, `icebergS3`, …).
 */
const FORBIDDEN = new Set([
  'arrowflight',
  'azureblobstorage',
  'cluster',
  'clusterallreplicas',
  'cosn',
  'deltalake',
  'dictionary',
  'eval',
  'executable',
  'filesystem',
  'fuzzquery',
  'gcs',
  'input',
  'jdbc',
  'joinget',
  'joingetornull',
  'kafka',
  'loop',
  'mongodb',
  'mongo',
  'mysql',
  'nats',
  'odbc',
  'oss',
  'postgresql',
  'python',
  'rabbitmq',
  'redis',
  'remote',
  'remotesecure',
  'sleep',
  'sleepeachrow',
  'sqlite',
  'ytsaurus',
  'catboostevaluate',
  'showcertificate',
  'addresstoline',
  'addresstolinewithinlines',
  'addresstosymbol',
  'demangle',
  'hdfs',
  'file',
  'url',
  's3',
  'getserverport',
  'getserversetting',
  'gethttpheader',
  'getclienthttpheader',
  'filesystemavailable',
  'filesystemcapacity',
  'filesystemunreserved',
  'structuretocapnprotoschema',
  'structuretoprotobufschema',
]);

const FAMILIES = [
  'azure',
  'deltalake',
  'file',
  'hdfs',
  'hudi',
  'iceberg',
  'paimon',
  'prometheusquery',
  's3',
  'url',
  'remote',
  'mysql',
  'postgres',
  'mongo',
  'ai',
  'aws',
  'gcs',
  'jdbc',
  'odbc',
  'redis',
  'sqlite',
  'kafka',
  'llm',
] as const;

/** Scalar functions that only look like one of the families: they work on text. */
const HARMLESS = new Set(['urlhash', 'urlhierarchy', 'urlpathhierarchy', 'urlencode', 'urldecode']);

/** Is it one that must not be called at all? Function names are compared without regard to case. */
export const isForbiddenFunction = (name: string): boolean => {
  const lower = name.toLowerCase();
  if (HARMLESS.has(lower)) return false;
  return FORBIDDEN.has(lower) || FAMILIES.some((family) => lower.startsWith(family));
};

const HARMLESS_TABLES = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'zeros_mt',
  'generateseries',
  'generate_series',
  'generaterandom',
  'primes',
  'values',
  'sqlstandardvalues',
  'view',
  'viewexplain',
  'viewifpermitted',
  'merge',
  'null',
  'format',
  'mergetreeindex',
  'mergetreeprojection',
  'timeseriesdata',
  'timeseriestags',
  'timeseriesmetrics',
]);

/** Is it a table function that makes up its rows, or reads tables of this ClickHouse? */
export const isHarmlessTableFunction = (name: string): boolean => HARMLESS_TABLES.has(name.toLowerCase());
