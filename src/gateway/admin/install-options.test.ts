import { describe, expect, test } from 'vitest';
import { readDepCheck, readInstallOptions } from './install-options.ts';

const optionsOf = (query: string) => readInstallOptions(new URLSearchParams(query));

describe('invoke', () => {
  test.each([
    ['', 'mod-a-1.0.0', true],
    ['invoke=true', 'mod-a-1.0.0', true],
    ['invoke=false', 'mod-a-1.0.0', false],
    ['invoke=mod-a-1.0.0', 'mod-a-1.0.0', true],
    ['invoke=mod-a-1.0.0', 'mod-a-1.0.0-SNAPSHOT', false],
    ['invoke=mod-a.*', 'mod-a-1.0.0', true],
    ['invoke=mod-a.*', 'my-mod-a-1.0.0', false],
    ['invoke=.*1.0.0', 'mod-a-1.0.0', true],
    ['invoke=.*', 'anything', true],
    ['invoke=mod.*a.*0', 'mod-a-1.0.0', true],
    ['invoke=mod.*mod', 'mod', false],
    ['invoke=(a%2B)%2B$', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', false],
  ])('%s of %s: %s', (query, id, is) => {
    expect(optionsOf(query).invoke(id)).toBe(is);
  });
});

test('parameters have a key and sometimes a value', () => {
  expect(optionsOf('tenantParameters=a=b,c,d=e=f,,').parameters).toEqual([
    { key: 'a', value: 'b' },
    { key: 'c' },
    { key: 'd', value: 'e=f' },
  ]);
  expect(() => optionsOf(`tenantParameters=${'x,'.repeat(201)}`)).toThrow('more than 200 tenantParameters');
});

test('parallel is read for its errors', () => {
  expect(readDepCheck(new URLSearchParams('parallel=5'))).toBe(true);
  expect(readDepCheck(new URLSearchParams('depCheck=false'))).toBe(false);
  expect(() => readDepCheck(new URLSearchParams('parallel=0'))).toThrow('parallel must be 1 or higher');
});
