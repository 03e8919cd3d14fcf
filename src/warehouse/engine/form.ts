import { clickhouseError } from './exception.ts';

const MAX_FIELDS = 10_000;

/**
 * The text fields of a multipart/form-data body, in order. Errors: 36 for a body that is not one.
 * The official client sends query and parameters so when they are too long for a URL.
 */
export const readForm = (body: Buffer, contentType: string): readonly (readonly [string, string])[] => {
  const boundary = boundaryOf(contentType);
  const delimiter = Buffer.from(`--${boundary}`);
  const fields: [string, string][] = [];
  let at = body.indexOf(delimiter);
  while (at >= 0) {
    const start = at + delimiter.length;
    if (body.toString('latin1', start, start + 2) === '--') return fields;
    const next = body.indexOf(`\r\n--${boundary}`, start);
    const headEnd = body.indexOf('\r\n\r\n', start);
    if (next < 0 || headEnd < 0 || headEnd > next || fields.length >= MAX_FIELDS) break;
    fields.push([nameOf(body.toString('utf8', start, headEnd)), body.toString('utf8', headEnd + 4, next)]);
    at = next + 2;
  }
  throw clickhouseError(36, 'the multipart body is not complete');
};

const boundaryOf = (contentType: string): string => {
  const parameter = contentType
    .split(';')
    .map((item) => item.trim())
    .find((item) => item.toLowerCase().startsWith('boundary='));
  const value = parameter?.slice(9).replaceAll('"', '') ?? '';
  if (value === '' || value.length > 200) throw clickhouseError(36, 'the multipart body has no boundary');
  return value;
};

const nameOf = (head: string): string => {
  const start = head.indexOf('name="');
  const end = head.indexOf('"', start + 6);
  if (start < 0 || end < 0) throw clickhouseError(36, 'a part of the multipart body has no name');
  return head.slice(start + 6, end);
};
