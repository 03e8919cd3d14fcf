import type { Resource } from '../contract.ts';
import type { TableRow } from '../report.ts';

/** Columns of a resource as the line of a table. Attributes have a blank between them. */
export const RESOURCE_COLUMNS = {
  url: 'text',
  kind: 'text',
  start: 'whole',
  request_start: 'whole',
  response_start: 'whole',
  end: 'whole',
  transfer_bytes: 'whole',
  encoded_bytes: 'whole',
  decoded_bytes: 'whole',
  redirect: 'whole',
  dns: 'whole',
  connect: 'whole',
  tls: 'whole',
  worker: 'whole',
  protocol: 'text',
  attributes: 'text',
  width: 'whole',
  height: 'whole',
  x: 'whole',
  y: 'whole',
  natural_width: 'whole',
  natural_height: 'whole',
} as const;

/** A resource as such a line. */
export const resourceRow = (resource: Resource): TableRow<typeof RESOURCE_COLUMNS> => ({
  url: resource.url,
  kind: resource.kind,
  start: resource.start,
  request_start: resource.requestStart,
  response_start: resource.responseStart,
  end: resource.end,
  transfer_bytes: resource.transferBytes,
  encoded_bytes: resource.encodedBytes,
  decoded_bytes: resource.decodedBytes,
  redirect: resource.redirect,
  dns: resource.dns,
  connect: resource.connect,
  tls: resource.tls,
  worker: resource.worker,
  protocol: resource.protocol,
  attributes: resource.attributes.join(' '),
  width: resource.element?.width ?? null,
  height: resource.element?.height ?? null,
  x: resource.element?.x ?? null,
  y: resource.element?.y ?? null,
  natural_width: resource.element?.naturalWidth ?? null,
  natural_height: resource.element?.naturalHeight ?? null,
});
