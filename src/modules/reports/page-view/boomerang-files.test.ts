import { expect, test } from 'vitest';
import { boomerangFilesOf } from './boomerang-files.ts';

test("Boomerang's files are what the first beacon says that can be read", () => {
  const files = boomerangFilesOf([
    { 'rt.bmr': 'x' },
    { rt_bmr: '203,149,134,2' },
    { 'rt.bmr': '1,2', 'rt.cnf': '400,5' },
  ]);
  expect(files.map(({ file, start, end }) => `${file} ${start} ${end}`)).toEqual([
    'boomerang 203 352',
    'configuration 400 405',
  ]);
  expect(boomerangFilesOf([{}, { 'rt.bmr': '' }])).toEqual([]);
});
