import type { Random } from '../generator.ts';

/** Where a visitor of the demo is. */
export interface DemoPlace {
  readonly country: string;
  readonly cities: readonly [string, ...string[]];
  /** How much slower than the nearest ones: distance and networks. */
  readonly slowness: number;
}

/** Picks a place; most visitors are European. */
export const pickPlace = (random: Random): DemoPlace =>
  random.weighted(
    PLACES.map(([weight, country, slowness, cities]) => [weight, { country, slowness, cities }] as const) as [
      readonly [number, DemoPlace],
      ...(readonly [number, DemoPlace])[],
    ],
  );

const PLACES: readonly (readonly [number, string, number, readonly [string, ...string[]]])[] = [
  [34, 'BG', 0.95, ['Sofia', 'Plovdiv', 'Varna', 'Burgas']],
  [18, 'DE', 0.9, ['Berlin', 'Hamburg', 'Munich', 'Cologne']],
  [10, 'GB', 0.95, ['London', 'Manchester', 'Leeds']],
  [8, 'RO', 1, ['Bucharest', 'Cluj-Napoca']],
  [6, 'GR', 1.1, ['Athens', 'Thessaloniki']],
  [5, 'FR', 0.95, ['Paris', 'Lyon']],
  [5, 'US', 1.2, ['New York', 'Chicago', 'San Jose']],
  [4, 'TR', 1.15, ['Istanbul', 'Ankara']],
  [3, 'PL', 1, ['Warsaw', 'Kraków']],
  [3, 'IN', 1.9, ['Mumbai', 'Bengaluru', 'Delhi']],
  [2, 'BR', 1.7, ['São Paulo', 'Recife']],
  [1, 'ZA', 1.8, ['Johannesburg', 'Cape Town']],
  [1, 'AU', 1.6, ['Sydney']],
];

/** How a visitor came, with the query that tells of a campaign. */
export const pickOrigin = (random: Random): { readonly referrer: string; readonly query: string } =>
  random.weighted([
    [30, { referrer: '', query: '' }],
    [38, { referrer: 'https://www.google.com/', query: '' }],
    [4, { referrer: 'https://www.bing.com/', query: '' }],
    [9, { referrer: 'https://m.facebook.com/', query: '' }],
    [
      5,
      {
        referrer: 'https://www.instagram.com/',
        query: '?utm_source=instagram&utm_medium=social&utm_campaign=autumn',
      },
    ],
    [8, { referrer: '', query: '?utm_source=newsletter&utm_medium=email&utm_campaign=week' }],
    [6, { referrer: 'https://blog.example.net/best-lamps', query: '' }],
  ]);
