import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { TestWarehouse } from './warehouse.ts';

/** A line of a file by column. */
export type FileLine = Readonly<Record<string, unknown>>;

/** CSV after RFC 4180, read character by character; every cell is a text. */
export const parseCsv = (text: string): readonly Readonly<Record<string, string>>[] => {
  const table: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (isQuoted && letter === '"' && text[at + 1] === '"') {
      cell += '"';
      at += 1;
    } else if (letter === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (letter === ',' || letter === '\n')) {
      table.at(-1)?.push(letter === '\n' ? cell.replace(/\r$/, '') : cell);
      cell = '';
      if (letter === '\n') table.push([]);
    } else cell += letter;
  }
  const [head = [], ...lines] = table.filter((line) => line.length > 0);
  return lines.map((line) => Object.fromEntries(head.map((name, place) => [name, line[place] ?? ''])));
};

/** NDJSON, line by line. */
export const parseNdjson = (text: string): readonly FileLine[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as FileLine);

let files = 0;

/** What is in a Parquet file, unpacked by the warehouse; moments as ISO 8601. */
export const readParquet = async (
  { rows, folder }: Pick<TestWarehouse, 'rows' | 'folder'>,
  bytes: Uint8Array,
): Promise<readonly FileLine[]> => {
  const magic = [bytes.subarray(0, 4), bytes.subarray(-4)].map((part) => Buffer.from(part).toString());
  expect(magic).toEqual(['PAR1', 'PAR1']);
  files += 1;
  const file = join(folder, `read-${files}.parquet`);
  await writeFile(file, bytes);
  const lines = await rows<FileLine>(`SELECT * FROM file('${file}', Parquet)`);
  return lines.map((line) =>
    Object.fromEntries(
      Object.entries(line).map(([name, value]) => [
        name,
        typeof value === 'string' && /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/.test(value)
          ? `${value.replace(' ', 'T')}Z`
          : value,
      ]),
    ),
  );
};
