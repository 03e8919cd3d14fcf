/** A place in a chain. */
export interface Link {
  /** Leaves the chain; what the link held is let go at once. May be called twice. */
  leave(): void;
}

/** Values in the order in which they came, most of which leave again soon. */
export interface Chain<T> {
  add(value: T): Link;
  /** The oldest; undefined: there is none. */
  first(): T | undefined;
  /** Takes the oldest out. */
  shift(): T | undefined;
}

/**
 * Creates an empty chain. For what every request enters and leaves, instead of a `Set`: when a `Set` has had so many members that its table is made
 * anew, V8 links the old table to the new one, and an old table keeps whom it held. As soon as one of them is old enough to be left out of the
 * small collections, all of its successors stay until the next large one, with every request that was in them. Measured with a `Set` of 64 calls: 6 MB kept for each 15 MB
 * made, 15 % of the processor for collecting; with a chain 31,000 instead of 20,000 proxied requests a second (`npm run bench -- gateway`).
 */
export const createChain = <T>(): Chain<T> => {
  let oldest: Member<T> | null = null;
  let newest: Member<T> | null = null;
  const unlink = (member: Member<T>): void => {
    if (member.value === undefined) return;
    if (member.before === null) oldest = member.after;
    else member.before.after = member.after;
    if (member.after === null) newest = member.before;
    else member.after.before = member.before;
    // A dead member that points at others would keep them just like a table.
    member.before = null;
    member.after = null;
    member.value = undefined;
  };
  return {
    add: (value) => {
      const member: Member<T> = { value: [value], before: newest, after: null, leave: () => unlink(member) };
      if (newest === null) oldest = member;
      else newest.after = member;
      newest = member;
      return member;
    },
    first: () => oldest?.value?.[0],
    shift: () => {
      const member = oldest;
      const value = member?.value?.[0];
      if (member !== null) unlink(member);
      return value;
    },
  };
};

interface Member<T> extends Link {
  /** In a box, so that a value may be `undefined`; undefined: the member has left. */
  value: readonly [T] | undefined;
  before: Member<T> | null;
  after: Member<T> | null;
}
