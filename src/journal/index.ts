// The durable queue between collector and loader. Format: docs/reference/journal-format.md.
export { type Checkpoint, type CheckpointFound, openCheckpoint } from './checkpoint.ts';
export type { Damage } from './damage.ts';
export { LOW_RESERVES, reservedBytes, reservedFiles } from './disk-room.ts';
export { type JournalFiles, systemFiles } from './files.ts';
export { KNOWN_HEADERS } from './known-headers.ts';
export { type FolderLock, lockFolder } from './lock.ts';
export {
  type JournalRange,
  type JournalReader,
  type JournalReaderOptions,
  openJournalReader,
  type ReadLimits,
  type SegmentFacts,
} from './reader.ts';
export { createReadMemory, type ReadMemory } from './read-memory.ts';
export type { Cursor, JournalEntry, JournalRecord, Position } from './record.ts';
export { openJournalWriter } from './writer.ts';
export type {
  Appended,
  JournalWriter,
  JournalWriterOptions,
  JournalWriterStats,
  Reserve,
  SyncPolicy,
} from './writer-contract.ts';
