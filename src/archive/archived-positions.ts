import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '#core';
import type { Position } from '#journal';
import { EXTENSIONS } from './compression.ts';
import { CLOSING_SUFFIX, LINES_SUFFIX } from './layout.ts';
import { linesOf, plainBytes } from './lines.ts';

/** The highest offset of each segment that an hour holds. A folder's lines of one segment are in the order of their offsets. */
export type ArchivedPositions = ReadonlyMap<string, number>;

/**
 * Which positions are archived already in the hour of this path (`fashion_bg/2026-11-2/7.json.lines`): in the file itself, or, when the
 * day was closed, in its daily archive. Read only after a checkpoint was lost or came from an older backup.
 */
export const archivedPositions = async (root: string, hourPath: string): Promise<ArchivedPositions> => {
  const found = new Map<string, number>();
  for (const candidate of [hourPath, ...closedForms(hourPath)]) {
    try {
      for await (const lines of linesOf(plainBytes(join(root, candidate))))
        for (const line of lines) {
          const position = line.text === null ? null : positionIn(line.text);
          if (position !== null && position.offset >= (found.get(position.segment) ?? -1))
            found.set(position.segment, position.offset);
        }
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return found;
};

/** Was the day of this hour closed, or is it being closed? Then its lines are not where they were written. */
export const isClosed = async (root: string, hourPath: string): Promise<boolean> => {
  for (const path of closedForms(hourPath)) {
    try {
      await access(join(root, path));
      return true;
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
  return false;
};

const closedForms = (hourPath: string): readonly string[] => {
  const [folder = '', day = '', hour = ''] = hourPath.split('/');
  return [
    `${folder}/${day}${CLOSING_SUFFIX}/${hour}`,
    ...Object.values(EXTENSIONS).map((extension) => `${folder}/${day}${LINES_SUFFIX}${extension}`),
  ];
};

/** The position in a line of ours, without parsing the line: a quote in a value would have a backslash before it. */
const positionIn = (line: string): Position | null => {
  const start = line.lastIndexOf('"rumbrella":"{\\"v\\":1,\\"segment\\":\\"');
  if (start === -1) return null;
  const found = /^"rumbrella":"\{\\"v\\":1,\\"segment\\":\\"([0-9a-f]{16})\\",\\"offset\\":(\d{1,15}),/.exec(
    line.slice(start, start + 96),
  );
  return found === null ? null : { segment: found[1] ?? '', offset: Number(found[2]) };
};
