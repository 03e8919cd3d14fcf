import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode, errorText } from '#core';
import { isExpired, parseUsersMap, problemText } from '#tenants';
import type { Finding } from './finding.ts';

/** Is the users map there, valid, and can the back office write it? `now`: epoch ms. */
export const examineUsersMap = async (path: string, demo: boolean, now: number): Promise<Finding> => {
  const what = 'users map';
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' && demo)
      return {
        state: 'note',
        what,
        found: `${path} is not there`,
        hint: 'the first start writes one with the demo organizations',
      };
    return { state: 'bad', what, found: errorText(error), hint: 'rumbrella tenants add PREFIX makes one' };
  }
  const { tenants, relations, problems, warnings } = parseUsersMap(text);
  const [problem] = problems;
  if (problem !== undefined) {
    return {
      state: 'bad',
      what,
      found: `${problemText(problem)} (${problems.length} in all)`,
      hint: 'rumbrella tenants check lists all of them',
    };
  }
  const expired = tenants.filter((tenant) => isExpired(tenant, now)).length;
  const found = `${tenants.length} tenants (${expired} expired), ${relations.length} relations`;
  const [warning] = warnings;
  if (warning !== undefined)
    return {
      state: 'note',
      what,
      found: `${found}; ${problemText(warning)} (${warnings.length} such warnings)`,
      hint: 'rumbrella tenants check lists all of them',
    };
  return (await mayReplace(path))
    ? { state: 'good', what, found }
    : {
        state: 'note',
        what,
        found: `${found}; ${path} cannot be replaced`,
        hint: 'organizations cannot be changed in the back office; make its folder writable to allow that',
      };
};

/** The file is replaced by a rename, so its folder counts, too. */
const mayReplace = async (path: string): Promise<boolean> => {
  try {
    await Promise.all([access(path, constants.W_OK), access(dirname(path), constants.W_OK)]);
    return true;
  } catch {
    return false;
  }
};
