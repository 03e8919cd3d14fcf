import { createRowCursor, type DraftRow, type RowCursor } from './row-cursor.ts';
import { RowSlab } from './row-slab.ts';

/** One row that is complete and waits for its insert. It holds its slab: memory is free when no row of it is kept, or when all are released. */
export interface EventRowRef {
  readonly slab: RowSlab;
  readonly index: number;
  /** `filling` of the slab when the row was written. */
  readonly filling: number;
}

/** Fills rows of the events table, one after the other. */
export interface EventRowWriter {
  /** A row in which everything is missing, to be filled; a row that was begun and not ended is forgotten. */
  begin(): RowCursor;
  /** The row is complete. */
  end(): EventRowRef;
  /**
   * These rows, which this writer gave, are not needed any more; each may be released once, and not be used after it. Slabs whose rows are
   * all released are filled again. Rows that are never released cost no more than a run of the garbage collector.
   */
  release(rows: readonly EventRowRef[]): void;
  /** Bytes that the rows hold, about; grows by each row. For limits. */
  readonly bytes: number;
}

/** Slabs that are kept for the next rows: those of two large rounds. */
const KEPT_SLABS = 40;

/** Bytes of a row without its texts. */
const ROW_BYTES = 1_024;

/** Creates a writer. */
export const createEventRowWriter = (): EventRowWriter => {
  let slab = new RowSlab();
  const idle: RowSlab[] = [];
  const cursor = createRowCursor(slab);
  let isOpen = false;
  let bytes = 0;
  let textFrom = 0;

  /** Not the one that is being filled: its next row would be cleared away. */
  const keepIfReleased = (given: RowSlab): void => {
    if (given === slab || given.released < given.count || given.isLarge || idle.length >= KEPT_SLABS) return;
    given.clear();
    idle.push(given);
  };

  return {
    begin: () => {
      if (slab.isFull) {
        const full = slab;
        slab = idle.pop() ?? new RowSlab();
        keepIfReleased(full);
      } else if (isOpen) slab.clearNext();
      isOpen = true;
      textFrom = slab.bytes.length;
      cursor.moveTo(slab, slab.count);
      return cursor;
    },
    end: () => {
      isOpen = false;
      bytes += ROW_BYTES + slab.bytes.length - textFrom;
      const index = slab.count;
      slab.count++;
      return { slab, index, filling: slab.filling };
    },
    release: (rows) => {
      for (const { slab: given } of rows) {
        given.released++;
        keepIfReleased(given);
      }
    },
    get bytes() {
      return bytes;
    },
  };
};

/** A complete row to be read (lists cannot be). The view is of this row alone. */
export const viewOfRow = ({ slab, index }: EventRowRef): Readonly<DraftRow> => {
  const cursor = createRowCursor(slab);
  cursor.moveTo(slab, index);
  return cursor;
};
