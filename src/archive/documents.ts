import { MAX_LINE_BYTES, type SourceLine } from './lines.ts';

const OPEN = 0x7b;
const CLOSE = 0x7d;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LINE_END = 0x0a;

/**
 * The objects on the top level of a JSON document, or in the list that it is, as if each stood in a line of its own: the PHP catcher's lists
 * can be larger than the memory. `number` is the line on which an object begins.
 */
export async function* objectsOf(
  pieces: AsyncIterable<Buffer>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<readonly SourceLine[], void, undefined> {
  let depth = 0;
  let isText = false;
  let isEscaped = false;
  let lines = 1;
  let number = 1;
  let held: Buffer[] = [];
  let heldBytes = 0;
  const hold = (piece: Buffer): void => {
    heldBytes += piece.length;
    if (heldBytes > maxBytes) held = [];
    else held.push(piece);
  };
  const take = (unfinished: boolean): SourceLine => {
    const text = heldBytes > maxBytes ? null : Buffer.concat(held).toString('utf8');
    held = [];
    heldBytes = 0;
    return { number, text, unfinished };
  };
  for await (const piece of pieces) {
    const objects: SourceLine[] = [];
    let start = 0;
    for (let at = 0; at < piece.length; at += 1) {
      const byte = piece[at];
      if (byte === LINE_END) lines += 1;
      if (isText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) isText = false;
      } else if (byte === QUOTE) isText = depth > 0;
      else if (byte === OPEN) {
        if (depth === 0) {
          start = at;
          number = lines;
        }
        depth += 1;
      } else if (byte === CLOSE && depth > 0) {
        depth -= 1;
        if (depth > 0) continue;
        hold(piece.subarray(start, at + 1));
        objects.push(take(false));
      }
    }
    if (depth > 0) hold(piece.subarray(start));
    if (objects.length > 0) yield objects;
  }
  if (depth > 0) yield [take(true)];
}
