import { type ReadonlySignal, signal } from '@preact/signals';
import { type Filter, formatFilter, parseFilter } from './filter.ts';
import type { Storage } from './storage.ts';

/** Filters under a name. */
export interface Segment {
  readonly name: string;
  readonly filters: readonly Filter[];
}

/** The segments of an organization. */
export interface Segments {
  readonly list: ReadonlySignal<readonly Segment[]>;
  /** Replaces one of the same name. */
  save(segment: Segment): void;
  remove(name: string): void;
}

/** More are not kept. */
const MOST = 50;

/**
 * Segments are kept in the browser, apart for each organization: everybody may make them, whatever his rights, and a link carries its filters by itself to
 * somebody else.
 */
export const createSegments = (storage: Storage, organization: string): Segments => {
  const name = `segments.${organization}`;
  const list = signal<readonly Segment[]>(readSegments(storage.read(name)));
  const write = (segments: readonly Segment[]): void => {
    list.value = segments.slice(0, MOST);
    storage.write(name, writeSegments(list.value));
  };
  return {
    list,
    save: (segment) =>
      write(
        [segment, ...list.value.filter((known) => known.name !== segment.name)].toSorted((a, b) =>
          a.name.localeCompare(b.name),
        ),
      ),
    remove: (removed) => write(list.value.filter((segment) => segment.name !== removed)),
  };
};

/** As JSON: `[{ "name", "filters": ["device:is:mobile"] }]`. */
export const writeSegments = (segments: readonly Segment[]): string =>
  JSON.stringify(segments.map(({ name, filters }) => ({ name, filters: filters.map(formatFilter) })));

/** Reads what `writeSegments` wrote; what cannot be read is left out. */
export const readSegments = (text: string | null): readonly Segment[] => {
  if (text === null) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.flatMap(readSegment) : [];
  } catch {
    return [];
  }
};

const readSegment = (one: unknown): readonly Segment[] => {
  const { name, filters } = (one ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '' || !Array.isArray(filters)) return [];
  const known = filters
    .map((filter: unknown) => (typeof filter === 'string' ? parseFilter(filter) : null))
    .filter((filter) => filter !== null);
  return known.length === 0 ? [] : [{ name, filters: known }];
};
