/** The instant so many days from now, ISO 8601; a minute less, so that the longest choice is not refused for the way it takes. */
export const inDays = (days: string): string =>
  new Date(Date.now() + Number(days) * 86_400_000 - 60_000).toISOString();
