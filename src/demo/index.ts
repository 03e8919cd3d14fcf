// The demo: two organizations, a site with the real Boomerang, a generator of realistic beacons.
export { bundleBoomerang } from './boomerang.ts';
export { demoClosed, demoNews, type DemoOrganization, demoShop, demoUsersMap } from './organizations.ts';
export { type Query, readLiveTables } from './live.ts';
export { createDemoSite, type DemoSiteDeps, type LiveRow, type LiveView } from './site.ts';
export {
  type BeaconWish,
  createRandom,
  generateBeacon,
  type GeneratedBeacon,
  type GeneratedKind,
  generatePageView,
  type Random,
  type Site,
} from './generator.ts';
