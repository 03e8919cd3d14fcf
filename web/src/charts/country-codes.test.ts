import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { alpha2Of } from './country-codes.ts';

const atlas = createRequire(import.meta.url)('world-atlas/countries-110m.json') as {
  objects: { countries: { geometries: { id?: string; properties: { name: string } }[] } };
};

it('names countries by two letters', () => {
  expect([alpha2Of('100', 'Bulgaria'), alpha2Of(8, 'Albania'), alpha2Of('840', 'U.S.A.')]).toEqual([
    'BG',
    'AL',
    'US',
  ]);
});

it('knows every country of the atlas but the two without a code', () => {
  const nameless = atlas.objects.countries.geometries.filter(
    ({ id, properties }) => alpha2Of(id, properties.name) === '',
  );
  expect(nameless.map(({ properties }) => properties.name)).toEqual(['N. Cyprus', 'Somaliland']);
});

it('has no code for what is not a number', () => {
  expect(alpha2Of('x y', '')).toBe('');
});
