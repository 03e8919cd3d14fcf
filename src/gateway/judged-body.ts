import type { RequestHeaders } from './header-rules.ts';
import { type Refusal, refuse } from './refusal.ts';

/** What a rule is told of a body. `value`: the parsed JSON; null: there is no body. */
export type JudgedBody = Refusal | { readonly kind: 'judged'; readonly value: unknown };

/**
 * May a body with these headers be held for a rule to look at it? Null: yes. What another program reads in another way than the gateway would pass the
 * rule by, so it is refused before it is read: 415 `GATEWAY_BODY_ENCODED` (`Content-Encoding`), `GATEWAY_BODY_FORM` (multipart, form fields, a charset other than UTF-8).
 */
export const unjudgeable = (headers: RequestHeaders): Refusal | null => {
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return encoded;
  const type = (headers['content-type'] ?? '').toLowerCase();
  if (isForm.test(type)) return form;
  const charset = /charset\s*=\s*["']?([^"';\s]*)/.exec(type)?.[1];
  return charset === undefined || charset === 'utf-8' || charset === 'utf8' ? null : form;
};

/**
 * Reads a body for the rules: nothing, or JSON in UTF-8 whose members have a name of their own each. Anything else is 400 `GATEWAY_BODY_NOT_JSON`,
 * since a module may read from it what no rule has seen: another encoding, or the first of two members of one name where JSON.parse takes the last.
 */
export const judgeBody = (bytes: Uint8Array): JudgedBody => {
  if (bytes.length === 0) return { kind: 'judged', value: null };
  let text: string;
  let value: unknown;
  try {
    text = utf8.decode(bytes);
    value = JSON.parse(text);
  } catch {
    return notJson;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { kind: 'judged', value };
  return Object.keys(value).length === countMembers(text) ? { kind: 'judged', value } : doubled;
};

/** Members of the outermost object of a text that is known to be JSON: the colons that stand in it and in no text. */
const countMembers = (text: string): number => {
  let depth = 0;
  let members = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at);
    else if (char === '{' || char === '[') depth += 1;
    else if (char === '}' || char === ']') depth -= 1;
    else if (char === ':' && depth === 1) members += 1;
  }
  return members;
};

/** Where a JSON text ends that begins at `start`. */
const endOfString = (text: string, start: number): number => {
  let at = start + 1;
  while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
};

const utf8 = new TextDecoder('utf-8', { fatal: true });
const isForm = /^\s*(?:multipart\/|application\/x-www-form-urlencoded)/;

const encoded = refuse(
  415,
  'GATEWAY_BODY_ENCODED',
  'The body of this request must be sent without Content-Encoding',
  'a rule looks at the body, and an encoded one would pass it by',
);
const form = refuse(
  415,
  'GATEWAY_BODY_FORM',
  'The body of this request must be JSON in UTF-8',
  'a rule looks at the body, and a form or another charset would pass it by',
);
const notJson = refuse(
  400,
  'GATEWAY_BODY_NOT_JSON',
  'The body of this request must be JSON in UTF-8',
  'a rule looks at the body, and what is no JSON would pass it by',
);
const doubled = refuse(
  400,
  'GATEWAY_BODY_NOT_JSON',
  'The body of this request has two members of one name',
  'a rule looks at the body, and which of the two the module reads is not known',
);
