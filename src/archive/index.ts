// The backup folders, as the loader writes them: hourly lines in rounds, daily archives.
export { type Archive, type ArchiveItem, type ArchiveOptions, openArchive } from './writer.ts';
export type { ArchiveMark } from './mark.ts';
export type { Compression } from './compression.ts';

// Reading archives of every dialect, and bringing beacons back.
export type { ArchivedBeacon, Dialect } from './beacon.ts';
export { isForeignSegment } from './identity.ts';
export { type NewestOptions, readNewest } from './read-newest.ts';
export { type BadLine, readDay, type ReadPiece } from './read-day.ts';
export { findSources, type SourceDay, type SourceFile, type Sources } from './sources.ts';
export { replay, REPLAY_TAKEN_OVER, type ReplayDeps, type ReplayOptions, type ReplaySink } from './replay.ts';
export { decideReplay, type ReplayDecision, type ReplaySelection } from './replay-decision.ts';
export type { LeftReason, ReplayProgress, ReplayReport, SinkResult } from './replay-tally.ts';
export { noReplayState, openReplayState, type ReplayState } from './replay-state.ts';
