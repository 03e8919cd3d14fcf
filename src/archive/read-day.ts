import { AppError, errorCode, errorText } from '#core';
import type { ArchivedBeacon, LineRules } from './beacon.ts';
import { objectsOf } from './documents.ts';
import { createLineIdentity } from './identity.ts';
import { linesOf, plainBytes } from './lines.ts';
import { readLine } from './read-line.ts';
import type { SourceDay } from './sources.ts';

/** A line that is no beacon, or a file that cannot be read to its end. */
export interface BadLine {
  readonly file: string;
  /** 1-based; 0: the file as a whole. */
  readonly line: number;
  readonly reason: string;
}

/** Beacons and bad lines of a piece of a file, in its order. */
export interface ReadPiece {
  readonly beacons: readonly ArchivedBeacon[];
  readonly bad: readonly BadLine[];
  /** Lines of others that carry a member `rumbrella`, which was not believed. */
  readonly unmarked: number;
  /** A last line without an end that makes no sense yet: the file is being written, or its end was lost. */
  readonly unfinished: number;
}

/**
 * Reads the beacons of a source day. What is bad is told with its place, and reading goes on; a damaged compressed file gives what is
 * before the damage. `onBytes` hears the bytes of files that were read. Throws `ARCHIVE_FILE_GONE` when a file has another place now.
 */
export async function* readDay(
  source: SourceDay,
  rules: Pick<LineRules, 'own' | 'traceParameters' | 'latestTime'>,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<ReadPiece, void, undefined> {
  const identity = createLineIdentity();
  for (const file of source.files) {
    const lineRules: LineRules = { ...rules, fallbackTime: file.time };
    const read = file.shape === 'lines' ? linesOf : objectsOf;
    try {
      for await (const lines of read(plainBytes(file.path, onBytes))) {
        const beacons: ArchivedBeacon[] = [];
        const bad: BadLine[] = [];
        let unmarked = 0;
        let unfinished = 0;
        for (const line of lines) {
          const reading =
            line.text === null
              ? ({ kind: 'bad', reason: 'found a line that is too long' } as const)
              : readLine(line.text, lineRules);
          if (reading.kind === 'own') beacons.push(reading.beacon);
          else if (reading.kind === 'foreign') {
            const position = identity.of(reading.content);
            beacons.push({
              dialect: reading.dialect,
              ...position,
              end: position.offset,
              record: reading.record,
            });
            if (reading.unmarked) unmarked += 1;
          } else if (line.unfinished) unfinished += 1;
          else bad.push({ file: file.path, line: line.number, reason: reading.reason });
        }
        yield { beacons, bad, unmarked, unfinished };
      }
    } catch (error) {
      if (errorCode(error) === 'ENOENT')
        throw new AppError('ARCHIVE_FILE_GONE', `reading ${file.path}: it is not there any more`, {
          cause: error,
        });
      const bad = [{ file: file.path, line: 0, reason: `could not be read to its end: ${errorText(error)}` }];
      yield { beacons: [], bad, unmarked: 0, unfinished: 0 };
    }
  }
}
