import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createLineEncoder } from '../../src/archive/encode-line.ts';
import { lineText } from '../../src/archive/line.ts';
import { createBeaconForms } from '../../src/loader/decode/beacon-forms.ts';
import { createParameterMemory } from '../../src/loader/decode/parameter-memory.ts';
import { findParameters, type Parameters } from '../../src/loader/decode/parameters.ts';
import { decodePercent } from '../../src/loader/decode/percent.ts';
import { PARAMETER_NAMES } from '../../src/loader/decode/parameter-names.ts';
import { aBeacon } from '../support/a-beacon.ts';

/** One for all forms, as the loader has it: what it learned of one must not change another. */
const memory = createParameterMemory();
const forms = createBeaconForms();
const parametersOf = (form: string): Parameters =>
  findParameters(forms.of(aBeacon({}, { body: form })).form, memory);

// The reference is the platform's own parser of forms. It drops a byte order mark at the beginning of a value; we keep it as a character
// until the text is cleaned, so values with one are left out of the comparison.
const hasMark = (text: string): boolean => /%ef%bb%bf|\ufeff/i.test(text);

const rawText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '%',
        '+',
        '%2',
        '%zz',
        '%C3%A4',
        '%c3',
        '%ff',
        '%ED%A0%80',
        '%00',
        '%F0%9F%98%80',
        '%25',
        '.',
        '_',
      ),
      fc.string({ maxLength: 3 }).map((text) => text.replaceAll(/[&=]/g, 'x').toWellFormed()),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !hasMark(text));

const NAMES: readonly [string, ...string[]] = ['u', 'pid', 'rt.si', 't_done', 'x', 'x.y', 'rt%2Esi'];

describe('decoding of forms', () => {
  test('decodes every value as URLSearchParams does', () => {
    fc.assert(
      fc.property(rawText, (raw) => {
        expect(decodePercent(raw)).toBe(new URLSearchParams(`a=${raw}`).get('a') ?? '');
      }),
      { numRuns: 3_000 },
    );
  });

  test('finds the same first values as URLSearchParams, whatever the form looks like', () => {
    const pair = fc.tuple(fc.constantFrom(...NAMES), rawText, fc.boolean());
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const form = pairs
          .map(([name, value, hasEquals]) => (hasEquals ? `${name}=${value}` : name))
          .join('&');
        const expected = new URLSearchParams(form);
        const parameters = parametersOf(form);
        for (const name of ['u', 'pid', 'rt.si'] as const) {
          expect(parameters.has(name)).toBe(expected.has(name));
          expect(parameters.whole(name, 10_000)).toBe(expected.get(name) ?? '');
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('finds each known parameter among all others, in both spellings', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PARAMETER_NAMES), fc.boolean(), (name, isUnderscored) => {
        const others = PARAMETER_NAMES.filter((other) => other !== name).map((other) => `${other}=other`);
        const spelled = isUnderscored ? name.replaceAll('.', '_') : name;
        const parameters = parametersOf([...others, `${spelled}=mine`].join('&'));
        expect(parameters.whole(name, 100)).toBe('mine');
      }),
    );
  });
});

describe('a form that is read once', () => {
  const piece = fc.constantFrom(
    ...'u=https%3A%2F%2Fa.b%2F|rt.si=1|rt_si=2|my.own=%22x|%6Dy.own=2|&|&|=|n|n=1|data=|%7B%22n%22%3A2%7D|{"n":3}|%zz=1|%ff|é=é|+|\n|created_at=1'.split(
      '|',
    ),
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const encode = createLineEncoder();

  test('gives the line that the archive makes of the beacon alone', () => {
    fc.assert(
      fc.property(text, text, fc.constantFrom('GET', 'POST'), (body, query, method) => {
        const beacon = aBeacon({}, { body, query, method });
        const { destination } = beacon.record;
        const line = Buffer.from(encode(beacon, destination, forms.of(beacon).sent)).toString();
        expect(line).toBe(lineText(beacon, destination));
      }),
      { numRuns: 3_000 },
    );
  });

  test('gives each of several beacons its own row', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 4 }), (bodies) => {
        const beacons = bodies.map(([body, query]) => aBeacon({}, { body, query }));
        const alone = beacons.map((beacon) => findParameters(createBeaconForms().of(beacon).form));
        const read = beacons.map((beacon, place) => forms.of(beacon, place).form);
        for (const [place, form] of read.entries()) {
          const together = findParameters(form, memory);
          for (const name of ['u', 'n', 'rt.si'] as const)
            expect(together.whole(name, 1_000)).toBe(alone[place]?.whole(name, 1_000));
          expect(unknownOf(together)).toEqual(unknownOf(alone[place]));
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

const unknownOf = (parameters: Parameters | undefined): readonly string[] => {
  const found: string[] = [];
  parameters?.forEachUnknown(
    () => 100,
    (name, value) => found.push(name, value),
  );
  return found;
};
