/** What is wrong with a request, and its bytes. */
export type Framing = readonly [what: string, bytes: string];

/**
 * Requests that two HTTP parsers could cut in different places (RFC 9112, section 11.2), behind a request line and headers that are in order: each must be
 * refused as a whole. `head` ends with CRLF.
 */
export const ambiguousFraming = (head: string): readonly Framing[] => [
  ['a length and chunks', `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nabc`],
  ['chunks and a length', `${head}Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\nabc`],
  ['two lengths', `${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd`],
  ['the same length twice', `${head}Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc`],
  ['a list of lengths', `${head}Content-Length: 3, 3\r\n\r\nabc`],
  ['a negative length', `${head}Content-Length: -1\r\n\r\n`],
  ['a signed length', `${head}Content-Length: +3\r\n\r\nabc`],
  ['a hexadecimal length', `${head}Content-Length: 0x3\r\n\r\nabc`],
  ['a transfer coding that is almost chunked', `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['chunked that is not last', `${head}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['a space before the colon', `${head}Content-Length : 3\r\n\r\nabc`],
  ['a folded header', `${head}X-A: 1\r\n b\r\n\r\n`],
  ['a NUL in a header', `${head}X-A: a\0b\r\n\r\n`],
];
