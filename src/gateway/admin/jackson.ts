/**
 * JSON as Okapi prints it (Jackson's default pretty printer): two spaces, a space on both sides of a colon, lists on one line. FOLIO's
 * scripts compare such texts. Members that are undefined are left out; the order is the value's own.
 */
export const jacksonJson = (value: unknown, indent = ''): string => {
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => jacksonJson(item, indent)).join(', ')} ]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  if (members.length === 0) return '{ }';
  const inner = `${indent}  `;
  const lines = members.map(
    ([name, member]) => `${inner}${JSON.stringify(name)} : ${jacksonJson(member, inner)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
};
