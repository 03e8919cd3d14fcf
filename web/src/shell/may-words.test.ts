import { describe, expect, test } from 'vitest';
import { mayWords } from './may-words.ts';

describe('what one may do in another organization', () => {
  test('is said by what the back office offers', () => {
    expect(mayWords(['reports.get', 'reports.page-views.get', 'notes.annotations.collection.get'])).toBe(
      'may see reports, page views and notes',
    );
    expect(mayWords(['reports.get', 'notes.annotations.collection.get', 'notes.annotations.item.post'])).toBe(
      'may see reports and notes, write notes',
    );
    expect(mayWords(['notes.annotations.item.post'])).toBe('may write notes');
  });

  test('is said, too, when it is nothing', () => {
    expect(mayWords([])).toBe('with no permission of the back office');
    expect(mayWords(['users.collection.get'])).toBe('with no permission of the back office');
  });
});
