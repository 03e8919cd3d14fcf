import { describe, expect, test } from 'vitest';
import type { StoredAnnotation } from './annotation-store.ts';
import { type Guest, isForGuest } from './guests.ts';

const NOTE: StoredAnnotation = {
  id: '1',
  kindId: 'k',
  kindName: 'Deploy',
  scope: 'organization',
  site: null,
  startsAt: 150,
  endsAt: 150,
  isPeriod: false,
  title: 'A note',
  content: null,
  pageGroup: null,
  device: null,
  link: null,
  version: null,
  author: { tenant: 'shop', userId: 'ann', username: 'ann', name: 'Ann' },
  createdAt: 0,
  updatedAt: 0,
};
const GUEST: Guest = { site: 'a.example', periods: [{ from: 100, to: 200 }], dimensions: ['engine'] };

describe('a note of the organization is for a guest', () => {
  test.each<readonly [string, Partial<StoredAnnotation>, Partial<Guest>, boolean]>([
    ['when it is of all sites', {}, {}, true],
    ['when it is of the site of the link', { scope: 'site', site: 'a.example' }, {}, true],
    ['when the product wrote it', { scope: 'system', author: null }, {}, true],
    ['not when it is personal', { scope: 'personal' }, {}, false],
    ['not when it is of a consortium', { scope: 'consortium' }, {}, false],
    ['not when it is of another site', { scope: 'site', site: 'b.example' }, {}, false],
    [
      'when it is of any site and the link is of all',
      { scope: 'site', site: 'b.example' },
      { site: null },
      true,
    ],
    [
      'not when it is of one site and the link is filtered',
      { scope: 'site', site: 'b.example' },
      { site: null, dimensions: ['hostname'] },
      false,
    ],
    ['when it is about a page group of an open link', { pageGroup: '/secret' }, {}, true],
    [
      'not when it is about a page group of a filtered link',
      { pageGroup: '/secret' },
      { dimensions: ['page_group'] },
      false,
    ],
    [
      'not when it is about a device of a filtered link',
      { device: 'mobile' },
      { dimensions: ['device'] },
      false,
    ],
    ['not at the end of its time', { startsAt: 200, endsAt: 200 }, {}, false],
    ['not before its time', { startsAt: 50, endsAt: 99 }, {}, false],
    ['when it reaches into its time', { startsAt: 50, endsAt: 100 }, {}, true],
    [
      'when it is of the other period of a comparison',
      { startsAt: 10, endsAt: 10 },
      {
        periods: [
          { from: 100, to: 200 },
          { from: 0, to: 100 },
        ],
      },
      true,
    ],
  ])('%s', (_when, note, guest, is) => {
    expect(isForGuest({ ...NOTE, ...note }, { ...GUEST, ...guest })).toBe(is);
  });
});
