/**
 * What a round leaves in the checkpoint: lengths in bytes by relative path, and under `#round` the number of the round. To be kept as it is
 * and handed to `restore`.
 */
export type ArchiveMark = Readonly<Record<string, number>>;

/** Where the number of the round stands. No path can be this text. */
export const ROUND = '#round';
