import { createRowCursor, type DraftRow, type RowCursor } from './row-cursor.ts';
import { RowSlab } from './row-slab.ts';

/** One row that is complete and waits for its insert. It holds its slab: memory is free when no row of it is kept. */
export interface EventRowRef {
  readonly slab: RowSlab;
  readonly index: number;
}

/** Fills rows of the events table, one after the other. */
export interface EventRowWriter {
  /** A row in which everything is missing, to be filled; a row that was begun and not ended is forgotten. */
  begin(): RowCursor;
  /** The row is complete. */
  end(): EventRowRef;
  /** Bytes that the rows hold, about; grows by each row. For limits. */
  readonly bytes: number;
}

/** Bytes of a row without its texts. */
const ROW_BYTES = 1_024;

/** Creates a writer. */
export const createEventRowWriter = (): EventRowWriter => {
  let slab = new RowSlab();
  const cursor = createRowCursor(slab);
  let isOpen = false;
  let bytes = 0;
  let textFrom = 0;
  return {
    begin: () => {
      if (slab.isFull) slab = new RowSlab();
      else if (isOpen) slab.clearNext();
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
      return { slab, index };
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
