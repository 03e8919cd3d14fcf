/** What a key is for: permissions that belong together. */
export interface KeyPurpose {
  readonly id: string;
  readonly words: string;
  readonly hint: string;
  readonly permissions: readonly string[];
}

/** The usual ones, least first; each can be held to a site. */
export const KEY_PURPOSES: readonly KeyPurpose[] = [
  {
    id: 'markers',
    words: 'Write notes',
    hint: 'deploy markers; it sees nothing',
    permissions: ['notes.annotations.item.post'],
  },
  {
    id: 'read-notes',
    words: 'Read notes',
    hint: 'all but personal ones',
    permissions: ['notes.annotations.collection.get'],
  },
  {
    id: 'reports',
    words: 'Read reports',
    hint: 'figures of many page views',
    permissions: ['reports.get'],
  },
  {
    id: 'page-views',
    words: 'Read single page views',
    hint: 'with their addresses and browsers',
    permissions: ['reports.page-views.get'],
  },
];

/** Permissions in words where they have some. */
export const permissionWords = (permissions: readonly string[]): string =>
  permissions
    .map((name) => KEY_PURPOSES.find((purpose) => purpose.permissions.includes(name))?.words ?? name)
    .join(', ');

/** The command that marks a deploy, ready to be pasted; `key` stands for itself when it is not known any more. */
export const markerCommand = (origin: string, tenant: string, key: string): string =>
  [
    `curl -X POST ${origin}/annotations \\`,
    `  -H 'X-Okapi-Tenant: ${tenant}' \\`,
    `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '{"version": "2.31.0", "link": "https://example.org/changes/2.31.0"}'`,
  ].join('\n');
