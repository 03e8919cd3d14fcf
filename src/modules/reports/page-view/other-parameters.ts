/** Parameters without a column of a beacon, as sent: `other` of its row. */
export type OtherParameters = Readonly<Record<string, string>>;

/** The value of a parameter, in either spelling; empty when it is not there. */
export const otherOf = (other: OtherParameters, name: string): string =>
  other[name] ?? other[name.replaceAll('.', '_')] ?? '';

/** The different texts of a parameter: beacons may have been stored twice, or tell again what an early one told. */
export const textsOf = (beacons: readonly OtherParameters[], name: string): readonly string[] =>
  [...new Set(beacons.map((other) => otherOf(other, name)))].filter((text) => text !== '');
