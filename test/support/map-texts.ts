/** A users map of one user, `a`, with these further members. */
export const user = (members: string): string => `- user: { prefix: a, ${members} }`;

/** A users map of the users `a`, `b` and `c`, where requests of `a` may be executed for `b`; with further members of the relation. */
export const relation = (members: string): string =>
  `- user: { prefix: a }\n- user: { prefix: b }\n- user: { prefix: c }\n- relation: { tenant: a, executes_as: b, modules: notes, ${members} }`;
