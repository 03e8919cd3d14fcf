import { isAscii } from 'node:buffer';
import { bufferOf, joinForms } from '#form';
import { formOfJson } from './json-body.ts';
import { decodeHead } from './percent.ts';

const OPENING_BRACE = 0x7b;
const PERCENT = 0x25;
const LETTER_D = 0x64;

/**
 * The parameters of a beacon as one form in ASCII, the body's before the query's, whatever bytes they are: bytes that are not
 * ASCII are escaped. A body that is a JSON object (or the parameter `data` with one), as some senders write it, counts
 * like a form.
 */
export const formBytes = (query: string, body: Uint8Array): Buffer =>
  joinForms(bodyForm(body), escapeBytes(Buffer.from(decodeHead(query), 'utf8')));

const bodyForm = (body: Uint8Array): Buffer => {
  const bytes = bufferOf(body);
  return isRewritten(bytes)
    ? escapeBytes(Buffer.from(formOfJson(bytes.toString('utf8')), 'utf8'))
    : escapeBytes(bytes);
};

/** May this body be a JSON object, alone or in the parameter `data`? */
export const isRewritten = (body: Buffer): boolean =>
  body[0] === OPENING_BRACE || (body[0] === LETTER_D && body.toString('latin1', 0, DATA.length) === DATA);

const DATA = 'data=';

/** The same bytes when all are ASCII, else a copy with the others as `%XX`. */
const escapeBytes = (bytes: Buffer): Buffer => {
  if (isAscii(bytes)) return bytes;
  const escaped = Buffer.allocUnsafe(bytes.length * 3);
  let length = 0;
  for (const byte of bytes) {
    if (byte < 0x80) escaped[length++] = byte;
    else {
      escaped[length++] = PERCENT;
      length += escaped.write(byte.toString(16), length, 'latin1');
    }
  }
  return escaped.subarray(0, length);
};
