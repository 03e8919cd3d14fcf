import type { ChdbConnection } from './chdb.ts';
import { type Call, checkName } from './request.ts';
import { quoted } from './statement.ts';

/** The statements that put a call's database, settings and parameters into its connection; '' when it has none. */
export const preambleOf = (call: Call): string => {
  const assignments = [
    ...[...call.settings].filter(([name]) => name !== 'readonly'),
    ...[...call.parameters].map(([name, value]) => [`param_${checkName(name)}`, value] as const),
  ].map(([name, value]) => `${name} = ${quoted(value)}`);
  const readonly = call.settings.get('readonly') ?? (call.isGet ? '2' : undefined);
  return [
    ...(call.database === undefined || call.database === '' ? [] : [`USE ${identifier(call.database)}`]),
    ...(assignments.length === 0 ? [] : [`SET ${assignments.join(', ')}`]),
    // Last, because nothing can be set behind it.
    ...(readonly === undefined || readonly === '0' ? [] : [`SET readonly = ${quoted(readonly)}`]),
  ].join('; ');
};

/**
 * Runs `work` with the call's settings. A connection of its own is thrown away afterwards, and the settings with it;
 * in the connection of a session the former values are put back.
 */
export const withSettings = async <T>(
  call: Call,
  connection: ChdbConnection,
  work: () => Promise<T>,
): Promise<T> => {
  const preamble = preambleOf(call);
  if (call.session === undefined) {
    if (preamble !== '') await connection.query(preamble, 'Null');
    return work();
  }
  const restore = await restoring(call, connection);
  if (preamble !== '') await connection.query(preamble, 'Null');
  try {
    return await work();
  } finally {
    if (restore !== '') await connection.query(restore, 'Null');
  }
};

const restoring = async (call: Call, connection: ChdbConnection): Promise<string> => {
  const names = [...call.settings.keys(), ...(call.isGet ? ['readonly'] : [])];
  if (names.length === 0 && (call.database ?? '') === '') return '';
  const list = ['', ...names].map(quoted).join(', ');
  const text = await connection.query(
    `SELECT currentDatabase(), groupArray((name, value, changed)) FROM system.settings WHERE name IN (${list})`,
    'JSONCompactEachRow',
  );
  const [database, settings] = JSON.parse(text.toString('utf8')) as [string, [string, string, number][]];
  const assignments = settings
    // `readonly` cannot be taken back by SET while it is on; a session that asked for it keeps it.
    .filter(([name]) => name !== 'readonly')
    .map(([name, value, changed]) => `${name} = ${changed === 0 ? 'DEFAULT' : quoted(value)}`);
  return [
    ...((call.database ?? '') === '' ? [] : [`USE ${identifier(database)}`]),
    ...(assignments.length === 0 ? [] : [`SET ${assignments.join(', ')}`]),
  ].join('; ');
};

const identifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;
