import { AppError } from '#core';
import type { UsersMapEditor } from '#modules';
import {
  addRelationText,
  addUserText,
  changeRelationText,
  changeUserText,
  editUsersMap,
  problemText,
  type TenantRegistry,
  withdrawText,
} from '#tenants';

/** Lets the back office change the users map; comments stay, and each change is in force when it returns. */
export const createUsersMapEditor = (
  path: string,
  registry: Pick<TenantRegistry, 'current' | 'reload' | 'problems'>,
): UsersMapEditor => {
  let last: Promise<void> = Promise.resolve();

  const apply = async (edit: (text: string) => string, version: string | undefined): Promise<void> => {
    // What whoever is refused looks at next is the map as it is.
    if (version !== undefined) await registry.reload();
    // The file itself is compared: the registry may not believe it yet, and places in it (`agency#1`) may mean other relations.
    await editUsersMap(path, (text) => edit(text ?? ''), version);
    // The change was checked and is meant, however much smaller the map is now.
    await registry.reload({ confirm: true });
    const problems = registry.problems().map(problemText);
    if (problems.length > 0)
      throw new AppError('TENANTS_MAP_INVALID', problems.join('; '), { status: 422, details: { problems } });
  };
  /** One after the other: two changes at once would be a conflict with ourselves. */
  const change = (edit: (text: string) => string, version: string | undefined): Promise<void> => {
    const changing = last.then(() => apply(edit, version));
    last = changing.catch(() => undefined);
    return changing;
  };

  return {
    addUser: (user, version) => change((text) => addUserText(text, user), version),
    changeUser: (id, changes, version) => change((text) => changeUserText(text, id, changes), version),
    addRelation: (relation, version) => change((text) => addRelationText(text, relation), version),
    changeRelation: (id, changes, version) =>
      change((text) => changeRelationText(text, id, changes), version),
    withdraw: (id, member, expire, version) =>
      change((text) => withdrawText(text, id, member, expire), version),
  };
};
