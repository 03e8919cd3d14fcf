import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOON, type Seen } from '../support/gateway-world.ts';
import { plain, userOf } from './gateway-asked.ts';
import { actorsOf, bridges, claimsOf, endOf, isAbroad, isFilter, requestIdOf } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { type Spied, startSpied } from './gateway-spied.ts';
import { mostlyFirst, type Name, type State, state, TENANTS } from './gateway-worlds.ts';

/** What happens: at once, or while the module `one`, `two` or `chain` is at work for a request. */
type Event =
  | { readonly kind: 'time passes'; readonly seconds: number }
  | { readonly kind: 'a user is revoked'; readonly of: Name }
  | { readonly kind: 'a relation is taken out'; readonly at: number };

type Step =
  | { readonly kind: 'at once'; readonly event: Event }
  | { readonly kind: 'a restart' }
  /** Somebody uses the token of a call that there has been. */
  | { readonly kind: 'a token is used again'; readonly at: number }
  | {
      readonly kind: 'a request';
      readonly path: string;
      readonly tenant: Name;
      readonly from: Name;
      /** How long the user's token lives from the beginning, seconds from noon. */
      readonly until: number;
      readonly meanwhile: Event | null;
    };

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('time passes' as const),
      seconds: fc.constantFrom(1, 7, 20, 31, 61, 700),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('a user is revoked' as const), of: mostlyFirst }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('a relation is taken out' as const), at: fc.nat(3) }),
  },
);

const request = fc.record({
  kind: fc.constant('a request' as const),
  path: fc.constantFrom('/one', '/two', '/chain'),
  tenant: fc.constantFrom(...TENANTS),
  from: mostlyFirst,
  until: fc.constantFrom(10, 45, 600, 3_600),
  meanwhile: fc.option(event, { nil: null }),
});

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: request },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('at once' as const), event }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('a token is used again' as const), at: fc.nat(9) }),
    },
    { weight: 1, arbitrary: fc.constant({ kind: 'a restart' as const }) },
  ),
  { minLength: 3, maxLength: 8, size: 'max' },
);

/** Relations that end while one looks on. */
const worlds: fc.Arbitrary<State> = fc
  .tuple(state, fc.array(fc.constantFrom(15, 40, 90, 86_400), { minLength: 4, maxLength: 4 }))
  .map(([world, ends]) => ({
    ...world,
    enabled: { ...world.enabled, bb: ['one', 'two', 'chain', 'home'] },
    relations: world.relations.map((each, at) => ({
      ...each,
      ends: ends[at] ?? 0,
      permissions: ['*'],
      requiresAccount: false,
    })),
    accounts: { aa: 'none', bb: 'none', cc: 'none', dd: 'none' },
  }));

/** A gateway in time: what is in force now, and what was found out of each call when it was made. */
class Story {
  readonly calls: Seen[] = [];
  spied: Spied;
  world: State;
  readonly #check: (call: Seen, story: Story) => void;
  /** When the token ends that the user of this request has shown, seconds from noon. */
  userTokenEnds = Infinity;

  constructor(spied: Spied, world: State, check: (call: Seen, story: Story) => void) {
    this.spied = spied;
    this.world = world;
    this.#check = check;
  }
  get now(): number {
    return this.spied.world.clock.now();
  }
  get seconds(): number {
    return (this.now - NOON) / 1_000;
  }

  /** Looks at a call at the moment when it is made. */
  watch(meanwhile: Event | null): void {
    let left = meanwhile;
    this.spied.during = () => {
      const call = this.spied.seen.at(-1);
      if (call === undefined) return;
      this.calls.push(call);
      this.#check(call, this);
      if (left !== null) this.happen(left);
      left = null;
    };
  }
  happen(what: Event): void {
    if (what.kind === 'time passes') this.spied.world.clock.jumpTo(this.now + what.seconds * 1_000);
    else if (what.kind === 'a user is revoked') this.spied.revoked.add(userOf(what.of));
    else {
      const at = what.at % this.world.relations.length;
      this.world = { ...this.world, relations: this.world.relations.filter((_, index) => index !== at) };
      this.spied.set(this.world);
    }
  }
  async step(step: Step): Promise<void> {
    const { world } = this.spied;
    if (step.kind === 'at once') return this.happen(step.event);
    if (step.kind === 'a restart') return this.restart();
    if (step.kind === 'a token is used again') {
      const call = this.calls[step.at % Math.max(1, this.calls.length)];
      if (call !== undefined) await this.useAgain(call, '/one');
      return;
    }
    this.watch(step.meanwhile);
    const token = world.tokens.mintAccess({
      tenant: step.from,
      userId: userOf(step.from),
      subject: 'anna',
      expiresAt: NOON + step.until * 1_000,
    }).token;
    this.userTokenEnds = step.until;
    await this.spied.send(plain(step.path, step.tenant, step.from), { 'x-okapi-token': token });
  }
  /** As the module that was called would, or whoever has got hold of its token. */
  async useAgain(call: Seen, path: string): Promise<number> {
    this.watch(null);
    this.userTokenEnds = Infinity;
    const headers = { 'x-okapi-token': call.headers['x-okapi-token'] ?? '', 'x-okapi-tenant': call.tenant };
    return (await this.spied.world.send({ path, headers })).status;
  }
  async restart(): Promise<void> {
    const { now } = this;
    const { revoked } = this.spied;
    await this.spied.world.stop();
    this.spied = await startSpied(this.world, this.spied.options);
    this.spied.world.clock.jumpTo(now);
    for (const user of revoked) this.spied.revoked.add(user);
  }
}

describe.each(HOSTINGS)('as time passes, with modules %s', (...[hosting, share]) => {
  const everyCall = (name: string, check: (call: Seen, story: Story) => void): void =>
    test(name, () =>
      fc.assert(
        fc.asyncProperty(worlds, steps, async (world, all) => {
          let failure: unknown = null;
          const story = new Story(await startSpied(world, { hosting }), world, (call, at) => {
            try {
              check(call, at);
            } catch (error) {
              // Thrown in a module it would be an answer.
              failure ??= error;
            }
          });
          try {
            for (const step of all) await story.step(step);
            if (failure !== null) throw failure;
            story.happen({ kind: 'time passes', seconds: 61 });
            for (const call of story.calls) expect(await story.useAgain(call, '/one')).toBe(401);
          } finally {
            await story.spied.world.stop();
          }
        }),
        runs(share * 0.4),
      ),
    );

  everyCall(
    'I-9: no module is called for who is revoked, by what has ended, or with a token that is over',
    (call, { spied, world, seconds, userTokenEnds }) => {
      const from = claimsOf(call)['origin'] as Name;
      expect(spied.revoked).not.toContain(userOf(from));
      if (isAbroad(call)) expect(bridges(world, from, call, seconds)).not.toEqual([]);
      // Clocks of two gateways may differ by half a minute; the hops behind the first begin from the token's own end.
      expect(seconds).toBeLessThan(userTokenEnds + (actorsOf(call).length === 0 ? 30 : 0));
    },
  );

  everyCall(
    'I-18: a module token ends within a minute, and not after the user’s, the relation or the token before it',
    (call, { spied, calls, world, now, userTokenEnds }) => {
      if (isFilter(call)) return;
      const end = endOf(call);
      expect(end).toBeLessThanOrEqual(now + 60_000);
      expect(end).toBeLessThanOrEqual(NOON + userTokenEnds * 1_000);
      // A module in process shows no token that could be over: what allowed it to act still is not.
      const caller = calls.find((each) => requestIdOf(call).startsWith(`${requestIdOf(each)};`));
      if (hosting === 'remote' && caller !== undefined) expect(end).toBeLessThanOrEqual(endOf(caller));
      if (!isAbroad(call)) return;
      const allowing = spied.audited.findLast(({ requestId }) => requestId === requestIdOf(call))?.relation;
      const relation = world.relations[Number(allowing?.split('#')[1]) - 1];
      expect(relation).toBeDefined();
      expect(end).toBeLessThanOrEqual(NOON + (relation?.ends ?? 0) * 1_000);
    },
  );
});
