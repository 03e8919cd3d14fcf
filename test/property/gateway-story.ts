import fc from 'fast-check';
import { NOON, type Seen } from '../support/gateway-world.ts';
import { plain } from './gateway-asked.ts';
import { type Spied, startSpied } from './gateway-spied.ts';
import { userOf } from './gateway-tokens.ts';
import { mostlyFirst, type Name, type State, state, TENANTS } from './gateway-worlds.ts';

/** What happens: at once, or while the module `one`, `two` or `chain` is at work for a request. */
export type Event =
  | { readonly kind: 'time passes'; readonly seconds: number }
  | { readonly kind: 'a user is revoked'; readonly of: Name }
  | { readonly kind: 'a relation is taken out'; readonly at: number };

/** One step of a story. */
export type Step =
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

/** What happens one after the other. */
export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
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
export const passingWorlds: fc.Arbitrary<State> = fc
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
export class Story {
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
