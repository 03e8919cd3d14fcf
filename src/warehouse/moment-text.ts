/** An instant (epoch ms) as ClickHouse reads it into a `DateTime64(3, 'UTC')` from any text format. */
export const momentText = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace('T', ' ').replace('Z', '');
