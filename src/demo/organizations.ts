import type { Tenant } from '#tenants';

/** An organization of the demo, as it stands in the users map that the first start writes. */
export interface DemoOrganization {
  readonly prefix: string;
  readonly name: string;
  /** Fixed, so that scripts and the demo site know it. */
  readonly trace: string;
}

/** The demo's shop: an ordinary tenant. */
export const demoShop: DemoOrganization = {
  prefix: 'demo_shop',
  name: 'Demo Shop',
  trace: '0d3c1f5a-6b0e-4c56-9a43-5a0c7f1d8e01',
};

/** The demo's newspaper: an ordinary tenant. */
export const demoNews: DemoOrganization = {
  prefix: 'demo_news',
  name: 'Demo News',
  trace: '7b9e4a62-1f0d-4e8b-8c35-2d6f9b3a4c02',
};

/** A tenant whose time is over: its beacons are only backed up, in the folder `expired`. */
export const demoClosed: DemoOrganization = {
  prefix: 'demo_closed',
  name: 'Demo Closed',
  trace: 'c4a1d7e8-93b2-4f6a-b7d1-8e5f0a2b6d03',
};

/** A trace that no organization has: what the demo's pages send as "an unknown organization". */
export const demoNobodysTrace = 'nobody-knows-this-trace';

/** Has a users map the organizations to which the demo site's beacons belong, under their own traces? */
export const hasDemo = (tenants: readonly Tenant[]): boolean =>
  [demoShop, demoNews].every(({ prefix, trace }) =>
    tenants.some(({ id, traces }) => id === prefix && traces.includes(trace)),
  );

/** The users map of a first start. `year` is the current one; the demo's organizations are valid for ten more. */
export const demoUsersMap = (
  year: number,
): string => `--- # The organizations of this Rumbrella. Edit while it runs: it is read again within a minute.
# Made for the demo. To begin for real: remove these entries, or start with RUMBRELLA_DEMO=off and your own file.
- user:
    prefix: ${demoShop.prefix}
    name: ${demoShop.name}
    brum_trace: ${demoShop.trace}
    expire: ${year + 10}-12-31
- user:
    prefix: ${demoNews.prefix}
    name: ${demoNews.name}
    brum_trace: ${demoNews.trace}
    expire: ${year + 10}-12-31
- user: # its time is over: beacons go to the folder "expired" until somebody renews it
    prefix: ${demoClosed.prefix}
    name: ${demoClosed.name}
    brum_trace: ${demoClosed.trace}
    expire: ${year - 1}-12-31
- user: # the umbrella: no trace, so it sends no beacons; it looks at its members' data
    prefix: demo_agency
    name: Demo Agency
    expire: ${year + 10}-12-31
- relation:
    tenant: demo_agency
    executes_as: [${demoShop.prefix}, ${demoNews.prefix}]
    modules: [reports, notes]
    permissions: [reports.*, notes.*, note.types.*]
    expire: ${year + 10}-12-31
`;
