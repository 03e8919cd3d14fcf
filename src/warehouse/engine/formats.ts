/** The content type that a ClickHouse server sends for a format. */
export const contentTypeOf = (format: string): string => {
  const name = format.toLowerCase();
  if (NDJSON.has(name)) return 'application/x-ndjson; charset=UTF-8';
  if (name.startsWith('json')) return 'application/json; charset=UTF-8';
  if (name.startsWith('csv')) {
    return `text/csv; charset=UTF-8; header=${name.includes('withnames') ? 'present' : 'absent'}`;
  }
  if (name.startsWith('tabseparated') || name.startsWith('tsv'))
    return 'text/tab-separated-values; charset=UTF-8';
  if (name === 'xml') return 'application/xml; charset=UTF-8';
  if (BINARY.has(name) || name.startsWith('rowbinary')) return 'application/octet-stream';
  return 'text/plain; charset=UTF-8';
};

const NDJSON = new Set([
  'jsoneachrow',
  'jsonlines',
  'ndjson',
  'jsonstringseachrow',
  'jsoncompacteachrow',
  'jsoncompactstringseachrow',
  'jsoneachrowwithprogress',
  'jsonstringseachrowwithprogress',
]);

const BINARY = new Set([
  'native',
  'parquet',
  'arrow',
  'arrowstream',
  'orc',
  'avro',
  'npy',
  'msgpack',
  'protobuf',
  'capnproto',
  'bsoneachrow',
  'rawblob',
]);
