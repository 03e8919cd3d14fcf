/** What the permissions in an organization allow, for people: `may see reports and page views, write notes`. */
export const mayWords = (permissions: readonly string[]): string => {
  const held = new Set(permissions);
  const seen = [
    ...(held.has('reports.get') ? ['reports'] : []),
    ...(held.has('reports.page-views.get') ? ['page views'] : []),
    ...(held.has('notes.annotations.collection.get') ? ['notes'] : []),
  ];
  const parts = [
    ...(seen.length === 0 ? [] : [`see ${listed(seen)}`]),
    ...(held.has('notes.annotations.item.post') ? ['write notes'] : []),
  ];
  return parts.length === 0 ? 'with no permission of the back office' : `may ${parts.join(', ')}`;
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
