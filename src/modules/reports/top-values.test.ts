import { expect, test } from 'vitest';
import { ROLLUP_COLUMNS } from '#warehouse';
import { CLOSED_VALUES } from './top-values.ts';

test.each(Object.entries(CLOSED_VALUES))('%s has no other values in the roll-up', (dimension, values) => {
  const { from } = ROLLUP_COLUMNS.find(({ name }) => name === dimension) ?? { from: '' };
  // `spa` is what a beacon says, and becomes `soft`.
  const given = new Set(
    [...from.matchAll(/'([^']*)'/g)].map(([, text = '']) => text).filter((text) => text !== 'spa'),
  );
  expect([...given].toSorted()).toEqual(values.toSorted());
});
