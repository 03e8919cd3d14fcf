/** Parameters without a column of a beacon, as sent: `other` of its row. */
export type OtherParameters = Readonly<Record<string, string>>;

/** The value of a parameter, in either spelling; empty when it is not there. */
export const otherOf = (other: OtherParameters, name: string): string =>
  other[name] ?? other[name.replaceAll('.', '_')] ?? '';
