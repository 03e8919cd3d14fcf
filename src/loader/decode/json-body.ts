import { decodePercent } from './percent.ts';

const MAX_LENGTH = 1_048_576;

/**
 * The form that means the same as a JSON object body (`{"u": "…"}`, or `data=` and the object form-encoded). Members that are
 * objects or lists become their JSON text. The text itself when it is not such a body.
 */
export const formOfJson = (body: string): string => {
  if (body.length > MAX_LENGTH) return body;
  const isForm = body.startsWith('data=');
  const [first = ''] = isForm ? body.slice('data='.length).split('&', 1) : [body];
  let value: unknown;
  try {
    value = JSON.parse(isForm ? decodePercent(first) : body);
  } catch {
    return body;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return body;
  return Object.entries(value)
    .filter(([, member]) => member !== null)
    .map(([name, member]) => `${encode(name)}=${encode(textOf(member))}`)
    .join('&');
};

const encode = (text: string): string => encodeURIComponent(text.toWellFormed());

const textOf = (member: unknown): string => (typeof member === 'string' ? member : JSON.stringify(member));
