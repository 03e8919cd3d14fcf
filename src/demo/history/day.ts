import { createRandom, type Random } from '../generator.ts';
import { type Fields, formOf } from '../generator/fields.ts';
import { errorFields, quitFields, quitInsteadOfLoad, xhrFields } from '../generator/later-beacons.ts';
import { loadFields } from '../generator/load-beacon.ts';
import { pickProfile, type Profile } from '../generator/profiles.ts';
import { createVisit, type Visit } from '../generator/visit.ts';
import { type DemoPlace, pickOrigin, pickPlace } from './people.ts';
import { type DemoPages, type DemoStory, releaseAt } from './story.ts';

/** A beacon of the past of a demo organization. */
export interface PastBeacon {
  /** Epoch ms. */
  readonly at: number;
  readonly body: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly country: string;
  readonly city: string;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Value of the custom dimension `generated` in every beacon that is made up here. */
export const GENERATED_MARK = 'demo';

/**
 * All beacons of one day (days since 1970, UTC) of a story that ends on the day `lastDay`, by time. Pure: the same day has the same
 * beacons.
 */
export const beaconsOfDay = (story: DemoStory, day: number, lastDay: number): readonly PastBeacon[] => {
  const random = createRandom(day * 7_919 + story.sessions);
  const daysAgo = lastDay - day;
  const weekday = new Date(day * DAY_MS).getUTCDay();
  const rush = story.rush.daysAgo === daysAgo ? story.rush.factor : 1;
  const sessions = Math.round(
    story.sessions * (story.weekdays[weekday] ?? 1) * rush * (0.94 + random.next() * 0.12),
  );
  const hours = story.hours.map((weight, hour) => [weight, hour] as const);
  const beacons: PastBeacon[] = [];
  for (let index = 0; index < sessions; index++) {
    const hour = random.weighted(hours as [readonly [number, number], ...(readonly [number, number])[]]);
    const at = day * DAY_MS + hour * HOUR_MS + random.whole(0, HOUR_MS - 1);
    beacons.push(...session(random, story, at, (moment) => lastDay - Math.floor(moment / DAY_MS)));
  }
  return beacons.toSorted((a, b) => a.at - b.at);
};

interface Person {
  readonly profile: Profile;
  readonly place: DemoPlace;
  readonly city: string;
  readonly userAgent: string;
  readonly screen: string;
  readonly host: string;
  readonly group: 'A' | 'B';
}

const session = (
  random: Random,
  story: DemoStory,
  start: number,
  daysAgoAt: (at: number) => number,
): readonly PastBeacon[] => {
  const place = pickPlace(random);
  const kind = pickProfile(random);
  const profile = { ...kind, slowness: kind.slowness * place.slowness };
  const person: Person = {
    profile,
    place,
    city: random.pick(place.cities),
    userAgent: profile.userAgent(random),
    screen: random.pick(profile.screens),
    host: random.weighted(story.hosts),
    group: random.chance(0.5) ? 'A' : 'B',
  };
  const origin = pickOrigin(random);
  const id = `${hex(random, 8)}-${hex(random, 4)}-4${hex(random, 3)}-a${hex(random, 3)}-${hex(random, 12)}-${Math.floor(start / 1_000).toString(36)}`;
  const beacons: PastBeacon[] = [];
  let at = start;
  let before = origin.referrer;
  for (let number = 1; number <= MOST_PAGES; number++) {
    const pages = pickPages(random, story, number === 1);
    const visit = visitOf(random, story, person, pages, at, {
      referrer: before,
      query: number === 1 ? origin.query : '',
      sessionId: id,
      sessionStart: start,
      number,
      daysAgo: daysAgoAt(at),
    });
    const stay = pageBeacons(random, story, person, pages, visit, at, daysAgoAt(at));
    beacons.push(...stay);
    at = (stay.at(-1)?.at ?? at) + random.whole(400, 2_500);
    before = `https://${person.host}${visit.path}`;
    if (!goesOn(random, visit, number)) break;
  }
  return beacons;
};

const MOST_PAGES = 14;
/** Share of the page views that list all of their resources: these take most of the time of making them up. */
const FULLY_LISTED = 0.08;

/** Who waits long leaves earlier. */
const goesOn = (random: Random, visit: Visit, number: number): boolean =>
  random.chance(Math.max(0.2, Math.min(0.76, 0.7 - (visit.largestPaint - 1_500) / 14_000 - number * 0.015)));

const pickPages = (random: Random, { pages }: DemoStory, isLanding: boolean): DemoPages =>
  random.weighted(
    pages.map((page) => [isLanding ? page.landing : page.later, page] as const) as [
      readonly [number, DemoPages],
      ...(readonly [number, DemoPages])[],
    ],
  );

interface VisitFacts {
  readonly referrer: string;
  readonly query: string;
  readonly sessionId: string;
  readonly sessionStart: number;
  readonly number: number;
  readonly daysAgo: number;
}

const visitOf = (
  random: Random,
  story: DemoStory,
  person: Person,
  pages: DemoPages,
  at: number,
  facts: VisitFacts,
): Visit => {
  const { profile, host, userAgent, screen } = person;
  const site = { host, trace: story.organization.trace };
  const visit = createVisit(random, site, at, { ...profile, slowness: profile.slowness * pages.weight });
  const effect = releaseAt(story, facts.daysAgo).effect({ group: pages.group, isMobile: profile.isMobile });
  // Later pages of a session come with a warm cache.
  const paint = visit.firstPaint + (visit.largestPaint - visit.firstPaint) * (facts.number > 1 ? 0.8 : 1);
  const delay = effect.heroDelay === undefined ? 0 : random.skewed(effect.heroDelay, 0.25);
  const largestPaint = Math.round(paint) + delay;
  const loaded = Math.max(visit.loaded, largestPaint - 200);
  // A popular page has a small number.
  const page = Math.min(pages.count - 1, Math.floor(pages.count * random.next() ** 2.5));
  return {
    ...visit,
    profile,
    userAgent,
    screen,
    navigationStart: at - loaded,
    path: `${pages.path(page)}${facts.query}`,
    pageType: pages.group,
    referrer: facts.referrer,
    sessionId: facts.sessionId,
    sessionStart: facts.sessionStart,
    pagesInSession: facts.number,
    largestPaint,
    loaded,
    domComplete: Math.max(visit.domComplete, loaded - 25),
    layoutShift: Math.min(1.5, visit.layoutShift + (random.chance(0.75) ? (effect.shift ?? 0) : 0)),
    isBrief: !random.chance(FULLY_LISTED),
    interactionCost: 1.1 * (effect.interaction ?? 1),
    ...(delay > 0 ? { heroDelay: delay } : {}),
  };
};

/** The beacons of one page: mostly a load and a quit, the load at `at`. */
const pageBeacons = (
  random: Random,
  story: DemoStory,
  person: Person,
  pages: DemoPages,
  visit: Visit,
  at: number,
  daysAgo: number,
): readonly PastBeacon[] => {
  const marks: Fields = {
    'h.pg': pages.group,
    'h.ab': person.group,
    'cdim.release': releaseAt(story, daysAgo).name,
    'cdim.generated': GENERATED_MARK,
  };
  const headers = [['user-agent', person.userAgent]] as const;
  const beacon = (time: number, fields: Fields): PastBeacon => ({
    at: time,
    body: formOf({ ...fields, ...marks }),
    headers,
    country: person.place.country,
    city: person.city,
  });
  const navigation: Fields = {
    nt_nav_type: random.weighted([
      [88, 0],
      [6, 1],
      [6, 2],
    ]),
    nt_protocol: random.weighted([
      [60, 'h2'],
      [35, 'h3'],
      [5, 'http/1.1'],
    ]),
    ...(visit.profile.hasVitals ? { 'pt.lcp.e': pages.selector } : {}),
  };
  // The slower, the more leave before the page has loaded.
  if (random.chance(Math.min(0.12, visit.loaded / 120_000)))
    return [beacon(at, { ...quitInsteadOfLoad(random, visit), ...navigation })];
  const beacons = [beacon(at, { ...loadFields(random, visit), ...navigation })];
  const stay = Math.max(900, random.skewed(22_000, 0.9));
  if (random.chance(0.03))
    beacons.push(beacon(at + stay * 0.3, errorFields(random, visit, beacons.length + 1)));
  if (random.chance(0.04))
    beacons.push(beacon(at + stay * 0.5, xhrFields(random, visit, beacons.length + 1)));
  if (random.chance(0.94)) beacons.push(beacon(at + stay, quitFields(random, visit, beacons.length + 1)));
  return beacons;
};

const hex = (random: Random, length: number): string => random.text(length, '0123456789abcdef');
