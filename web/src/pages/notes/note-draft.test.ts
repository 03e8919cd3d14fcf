import { describe, expect, test } from 'vitest';
import type { Annotation } from '../../api/annotations.ts';
import { draftOf, faultsOf, inputOf, newDraft } from './note-draft.ts';

const AT = Date.parse('2026-11-22T10:07:31Z');
const party = { id: 'shop', name: 'Shop' };
const note: Annotation = {
  id: '1',
  domain: 'rum',
  kind: { key: 'outside-world', name: 'Outside world', id: 'k' },
  title: 'A holiday',
  content: null,
  at: '2026-11-22T00:00:00.000Z',
  to: '2026-11-23T00:00:00.000Z',
  scope: 'organization',
  site: null,
  pageGroup: '/cart',
  device: null,
  link: null,
  version: null,
  organization: party,
  author: { name: 'Ann', username: 'ann', organization: party },
  hidden: false,
  may: { edit: true, remove: true, hide: false },
  createdAt: '2026-11-22T00:00:00.000Z',
  updatedAt: '2026-11-22T00:00:00.000Z',
};

describe('a new note', () => {
  test('is about the site one looks at, to the minute', () => {
    expect(newDraft(AT, null, 'shop.example', ['personal', 'site'])).toMatchObject({
      from: '2026-11-22T10:07',
      to: '',
      scope: 'site',
      site: 'shop.example',
    });
  });

  test('is personal for those who may write nothing else', () => {
    expect(newDraft(AT, null, 'shop.example', ['personal']).scope).toBe('personal');
  });

  test('is about the organization when one looks at all sites', () => {
    expect(newDraft(AT, AT + 60_000, null, ['personal', 'site', 'organization'])).toMatchObject({
      scope: 'organization',
      to: '2026-11-22T10:08',
    });
  });
});

describe('a draft', () => {
  test('of a note that is there says the same again', () => {
    expect(inputOf(draftOf(note))).toEqual({
      kind: 'outside-world',
      title: 'A holiday',
      at: '2026-11-22T00:00:00Z',
      to: '2026-11-23T00:00:00Z',
      scope: 'organization',
      site: null,
      content: null,
      version: null,
      link: null,
      pageGroup: '/cart',
      device: null,
    });
  });

  test('takes its version for a title', () => {
    const draft = { ...newDraft(AT, null, 'a.b', ['site']), version: ' 2.31 ' };
    expect(faultsOf(draft)).toEqual({});
    expect(inputOf(draft).title).toBe('2.31');
  });

  test('says what is missing or wrong, field by field', () => {
    const draft = {
      ...newDraft(AT, AT - 3_600_000, null, ['site']),
      scope: 'site' as const,
      link: 'javascript:alert(1)',
    };
    expect(Object.keys(faultsOf(draft)).toSorted()).toEqual(['link', 'site', 'title', 'to']);
  });
});
