/** Bytes as a buffer over the same memory. */
export const bufferOf = (bytes: Uint8Array): Buffer =>
  bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Body and query of a beacon as one form: the body's fields before the query's. Nothing is copied when one of them is empty. */
export const joinForms = (body: Buffer, query: Buffer): Buffer => {
  if (query.length === 0) return body;
  return body.length === 0 ? query : Buffer.concat([body, AMPERSAND, query]);
};

const AMPERSAND = Buffer.from('&');
