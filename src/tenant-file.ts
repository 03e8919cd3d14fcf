import { AppError } from '#core';
import type { TenantFile } from '#gateway/admin';
import { addUserText, editUsersMap, removeUserText, renameUserText, type TenantRegistry } from '#tenants';

/** Lets the admin API change the users map; each change is in force when it returns. */
export const createTenantFile = (path: string, registry: TenantRegistry): TenantFile => {
  const change = async (edit: (text: string) => string): Promise<void> => {
    await editUsersMap(path, (text) => edit(text ?? ''));
    // The change was checked and is meant, however much smaller the map is now.
    await registry.reload({ confirm: true });
    const [problem] = registry.problems();
    if (problem !== undefined) throw new AppError('TENANTS_FILE_REFUSED', problem.message, { status: 400 });
  };
  return {
    add: (id, name) =>
      change((text) => addUserText(text, { prefix: id, traces: [], ...(name !== undefined && { name }) })),
    rename: (id, name) => change((text) => renameUserText(text, id, name)),
    remove: (id) => change((text) => removeUserText(text, id)),
  };
};
