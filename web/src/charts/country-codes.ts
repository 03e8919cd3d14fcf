/**
 * ISO 3166-1 alpha-2 of a country's numeric code, as the atlas names countries; '' when there is none. The table is the browser's own
 * (CLDR's territory aliases, https://unicode.org/reports/tr35/#territoryAlias).
 */
export const alpha2Of = (numeric: string | number | undefined, name: string): string => {
  if (numeric === undefined) return name === 'Kosovo' ? 'XK' : '';
  try {
    const { region } = new Intl.Locale(`und-${String(numeric).padStart(3, '0')}`);
    return region !== undefined && /^[A-Z]{2}$/.test(region) ? region : '';
  } catch {
    return '';
  }
};
