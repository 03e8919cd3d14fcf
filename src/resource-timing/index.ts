// Boomerang's `restiming`, the resources of a page in a compressed form, with its `servertiming`: read into numbers by the loader, into a
// waterfall by reports.
export { type OnLeaf, readResourceTrie } from './trie.ts';
export { createEntryRoom, type EntryRoom, type ResourceEntry, readResourceEntries } from './entry.ts';
export { type ResourceType, resourceType } from './resource-type.ts';
export { type BoomerangFile, readBoomerangFile } from './boomerang-file.ts';
export type { FetchDetails, OwnDatum, ResourceElement } from './details.ts';
export type { ServerTiming } from './server-timing.ts';
export { type Fetch, type FetchKind, readFetches } from './fetches.ts';
