const WRITER_FILE = /^([0-9a-f]{32})\.writer$/;

/** The file that says which process writes the segments with this writer id; it is there as long as that process works. */
export const writerFile = (writer: string): string => `${writer}.writer`;

/** The writer that a file of this name speaks of; null: none. */
export const writerOfFile = (name: string): string | null => WRITER_FILE.exec(name)?.[1] ?? null;
