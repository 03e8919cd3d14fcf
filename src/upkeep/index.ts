// What keeps the house in order, behind the back office and the commands: replays, looks through the archive, changes of the users map, health,
// notes of the product itself.
export { type ReplayRunDeps, type ReplaySettings, runReplayInto } from './replay-run.ts';
export { isSettled } from './loader-progress.ts';
export { startArchiveWork } from './archive-worker.ts';
export { createReplayJobs } from './replay-jobs.ts';
export { createUnclaimedLooks } from './unclaimed-looks.ts';
export { createUsersMapEditor } from './users-map-editor.ts';
export { createFolderSizes } from './folder-sizes.ts';
export { readHealth } from './health.ts';
export { readOwnHealth } from './own-health.ts';
export { listQuarantine } from './quarantine-list.ts';
export { readTableFigures } from './table-figures.ts';
export { listModules, listRequests, listRoutes, readRequest } from './gateway-views.ts';
export { createReplayNotes } from './replay-notes.ts';
export { createVersionNotes, type VersionNotes } from './version-notes.ts';
export { notePageGroups } from './page-group-notes.ts';
