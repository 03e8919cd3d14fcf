/** The five routing entries of a collection and its items, with the permission names that FOLIO gives them. */
export const crudEntries = (collection: string, permissions: string) => [
  entry('GET', collection, `${permissions}.collection.get`),
  entry('POST', collection, `${permissions}.item.post`),
  entry('GET', `${collection}/{id}`, `${permissions}.item.get`),
  entry('PUT', `${collection}/{id}`, `${permissions}.item.put`),
  entry('DELETE', `${collection}/{id}`, `${permissions}.item.delete`),
];

/** One routing entry that needs one permission. */
export const entry = (method: string, pathPattern: string, ...permissionsRequired: readonly string[]) => ({
  methods: [method],
  pathPattern,
  permissionsRequired: [...permissionsRequired],
});

/** Definitions of these permissions and a set `all` that contains them. */
export const permissionSets = (area: string, names: readonly string[]) => [
  ...names.map((name) => ({ permissionName: name, displayName: name.replaceAll('.', ' ') })),
  { permissionName: `${area}.all`, displayName: `${area}: everything`, subPermissions: [...names] },
];

/** The permissions of `crudEntries`. */
export const crudPermissions = (permissions: string): string[] => [
  `${permissions}.collection.get`,
  `${permissions}.item.get`,
  `${permissions}.item.post`,
  `${permissions}.item.put`,
  `${permissions}.item.delete`,
];
