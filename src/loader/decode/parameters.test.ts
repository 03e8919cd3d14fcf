import { describe, expect, test } from 'vitest';
import { aBeacon } from '../../../test/support/a-beacon.ts';
import { createBeaconForms } from './beacon-forms.ts';
import { DURATION, PERCENT } from './numbers.ts';
import { findParameters, type Parameters } from './parameters.ts';
import { PARAMETER_NAMES } from './parameter-names.ts';

const form = (body: string, query = ''): Parameters =>
  findParameters(createBeaconForms().of(aBeacon({}, { body, query })).form);
const unknownOf = (parameters: Parameters): [string, string][] => {
  const found: [string, string][] = [];
  parameters.forEachUnknown(
    () => 100,
    (name, value) => found.push([name, value]),
  );
  return found;
};

describe('parameters', () => {
  test('takes the first of several values, the body before the query', () => {
    const parameters = form('pid=first&pid=second', 'pid=query&v=1.815');
    expect([parameters.text('pid', 64), parameters.text('v', 64)]).toEqual(['first', '1.815']);
  });

  test('reads names with underscores for dots, and prefers the dotted spelling wherever it stands', () => {
    expect(form('rt_si=php').text('rt.si', 64)).toBe('php');
    expect(form('rt_si=php&rt.si=dotted').text('rt.si', 64)).toBe('dotted');
    expect(form('rt.si=dotted&rt_si=php').text('rt.si', 64)).toBe('dotted');
  });

  test('reads names that are escaped', () => {
    expect(form('rt%2Esi=x').text('rt.si', 64)).toBe('x');
  });

  test('does not take a dot for an underscore that belongs to a name', () => {
    expect(form('t.done=5').number('t_done', DURATION)).toBeNull();
  });

  test('tells a parameter without a value from one that is not there', () => {
    const parameters = form('rt.quit=&rt.abld');
    expect(parameters.has('rt.quit')).toBe(true);
    expect(parameters.has('rt.abld')).toBe(true);
    expect(parameters.has('early')).toBe(false);
  });

  test('hands on what it does not know, decoded and cut', () => {
    const parameters = form(`x.y=a%20b&${'k'.repeat(65)}=1&long=${'l'.repeat(300)}&u=known`);
    expect(unknownOf(parameters)).toEqual([
      ['x.y', 'a b'],
      ['long', 'l'.repeat(100)],
    ]);
  });

  test('reads a JSON body like a form', () => {
    const parameters = form('{"u":"https://a.example/?x=1&y=2","n":3}');
    expect(parameters.text('u', 100)).toBe('https://a.example/?x=1&y=2');
    expect(parameters.number('n', DURATION)).toBe(3);
  });

  test('reads bytes that are not ASCII as UTF-8', () => {
    expect(form('p_type=caf\u00e9').text('p_type', 64)).toBe('café');
  });

  test('has no two names that differ in dots and underscores only', () => {
    const spelled = PARAMETER_NAMES.map((name) => name.replaceAll('.', '_'));
    expect(spelled.filter((name, index) => spelled.indexOf(name) !== index)).toEqual([]);
  });
});

describe('numbers of a beacon', () => {
  test.each([
    ['0', 0],
    ['12', 12],
    ['12.5', 13],
    ['1e3', 1_000],
    ['%20 7 ', 7],
    ['.4', 0],
    ['', null],
  ])('reads %j as %j without complaint', (raw, value) => {
    const parameters = form(`t_done=${raw}`);
    expect([parameters.number('t_done', DURATION), parameters.rejected]).toEqual([value, []]);
  });

  test.each(['-1', '3600001', 'abc', 'NaN', 'Infinity', '0x10', '1e400', '12px'])(
    'refuses %s and says so',
    (raw) => {
      const parameters = form(`t_done=${raw}`);
      expect([parameters.number('t_done', DURATION), parameters.rejected]).toEqual([null, ['t_done']]);
    },
  );

  test('keeps fractions where the rule is not for whole numbers', () => {
    expect(form('c.b=12.75').number('c.b', PERCENT)).toBe(12.75);
  });
});
