// The backup folders: hourly and daily files of lines, readers of all dialects, replay into the warehouse.
export { type Archive, type ArchiveItem, type ArchiveOptions, openArchive } from './writer.ts';
export type { ArchiveMark } from './mark.ts';
export type { Compression } from './compression.ts';
