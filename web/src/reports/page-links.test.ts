import { expect, it } from 'vitest';
import { pageOf } from './page-links.ts';

it('means a group or a path', () => {
  expect(pageOf(['group', 'product'])?.filter).toEqual({
    dimension: 'page_group',
    op: 'is',
    values: ['product'],
  });
  expect(pageOf(['path', '/p/lamp 1'])?.filter).toEqual({
    dimension: 'url_path',
    op: 'is',
    values: ['/p/lamp 1'],
  });
});

it('means the page views without a group by a sign, since a path has no empty parts', () => {
  expect(pageOf(['group', '~'])?.value).toBe('');
});

it('means nothing where the address is none', () => {
  expect([pageOf([]), pageOf(['group']), pageOf(['elephant', 'x'])]).toEqual([null, null, null]);
});
