/** Runs one piece of work after the other; a failed one does not keep the next from running. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T>;

/** Creates an empty queue. */
export const createQueue = (): Queue => {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(work);
    last = result.catch(() => undefined);
    return result;
  };
};
