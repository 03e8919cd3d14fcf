// The demo: two organizations with a made-up past, a site with the real Boomerang, a generator of realistic beacons.
export { bundleBoomerang } from './boomerang.ts';
export {
  demoClosed,
  demoNews,
  type DemoOrganization,
  demoShop,
  demoUsersMap,
  hasDemo,
} from './organizations.ts';
export { createDemoHistory, type DemoHistory, type DemoHistoryOptions } from './history/history.ts';
export { type DemoNote, demoNotes } from './history/story.ts';
export { type LiveBeacon, type LiveSources, type LiveView, readLive } from './live.ts';
export { createDemoSite, type DemoSiteDeps } from './site.ts';
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
