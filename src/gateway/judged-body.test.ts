import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeBody, unjudgeable } from './judged-body.ts';

const judge = (text: string) => judgeBody(Buffer.from(text));

describe('a body that a rule looks at', () => {
  it.each([
    ['nothing', '', null],
    ['an object', ' {"a": {"b": ":", "b": 2}, "c": [{"d": 1}, ":"]} ', { a: { b: 2 }, c: [{ d: 1 }, ':'] }],
    ['a list', '[{"a": 1, "a": 2}]', [{ a: 2 }]],
    ['a byte order mark before it', '\uFEFF{"a": 1}', { a: 1 }],
    [
      'texts with quotes, colons and backslashes',
      String.raw`{"a\":{": "\\", "b": "\":"}`,
      { 'a":{': '\\', b: '":' },
    ],
  ])('is told to it as %s', (_, text, value) => {
    expect(judge(text)).toEqual({ kind: 'judged', value });
  });

  it.each([
    ['two members of one name', '{"domain": "press", "domain": "rum"}'],
    ['two members of one name, one of them escaped', String.raw`{"domain": "press", "dom\u0061in": "rum"}`],
    ['a comment', '{"domain": /* */ "press"}'],
    ['form fields', 'domain=press'],
    ['blanks alone', '  '],
    ['half a document', '{"domain": "press"'],
  ])('is refused with %s', (_, text) => {
    expect(judge(text)).toMatchObject({ status: 400, code: 'GATEWAY_BODY_NOT_JSON' });
  });

  it.each([
    ['UTF-16', Buffer.from('{"domain": "press"}', 'utf16le')],
    ['UTF-16 with its mark', Buffer.from('\uFEFF{"domain": "press"}', 'utf16le')],
    ['Latin 1', Buffer.from('{"domain": "pr\u00E9ss"}', 'latin1')],
  ])('is refused in %s', (_, bytes) => {
    expect(judgeBody(bytes)).toMatchObject({ status: 400, code: 'GATEWAY_BODY_NOT_JSON' });
  });

  it('is told whole, whatever JSON it is, and refused as soon as any member stands in it twice', () => {
    const objects = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { minKeys: 1 });
    fc.assert(
      fc.property(objects, fc.boolean(), (value, pretty) => {
        const text = JSON.stringify(value, null, pretty ? 2 : 0);
        const [name] = Object.keys(value);
        expect(judge(text)).toEqual({ kind: 'judged', value: JSON.parse(text) as unknown });
        const twice = `{${JSON.stringify(name)}: 1,${text.trimStart().slice(1)}`;
        expect(judge(twice)).toMatchObject({ kind: 'refused' });
      }),
    );
  });

  it.each([
    [{ 'content-encoding': 'gzip' }, 'GATEWAY_BODY_ENCODED'],
    [{ 'content-type': 'multipart/form-data; boundary=x' }, 'GATEWAY_BODY_FORM'],
    [{ 'content-type': 'Application/X-WWW-Form-Urlencoded' }, 'GATEWAY_BODY_FORM'],
    [{ 'content-type': 'application/json; charset="UTF-7"' }, 'GATEWAY_BODY_FORM'],
  ])('is refused unread with %j', (headers, code) => {
    expect(unjudgeable(headers)).toMatchObject({ status: 415, code });
  });

  it.each([{}, { 'content-type': 'application/json; charset=UTF-8' }, { 'content-type': 'text/plain' }])(
    'is read with %j',
    (headers) => expect(unjudgeable(headers)).toBeNull(),
  );
});
