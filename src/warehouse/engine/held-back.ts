import type { Answer } from './answer.ts';

/** A server keeps as much of an answer back (`http_response_buffer_size`): an error till then has its own status. */
const HELD_BYTES = 1_048_576;

/** Writes an answer whose first bytes are kept back until there are many, or until `release`. */
export const holdBack = (
  answer: Answer,
): { write(chunk: Buffer): Promise<void>; release(): Promise<void> } => {
  let held: Buffer[] = [];
  let size = 0;
  let isReleased = false;
  const release = async (): Promise<void> => {
    isReleased = true;
    const chunks = held;
    held = [];
    if (chunks.length > 0) await answer.write(Buffer.concat(chunks));
  };
  return {
    write: async (chunk) => {
      if (isReleased) return answer.write(chunk);
      held.push(chunk);
      size += chunk.length;
      if (size >= HELD_BYTES) await release();
    },
    release,
  };
};
