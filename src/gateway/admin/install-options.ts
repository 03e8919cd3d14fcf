import type { InstallOptions } from './install.ts';
import { bad } from './answers.ts';
import { readNumber, readSwitch } from './query.ts';

/** Parameters for `_tenant` at most. */
const MAX_PARAMETERS = 200;

/** How a request wants its steps carried out. Errors: 400 with Okapi's texts. */
export const readInstallOptions = (query: URLSearchParams): InstallOptions => ({
  invoke: readInvoke(query.get('invoke')),
  purge: readSwitch(query, 'purge', false),
  deploy: readSwitch(query, 'deploy', false),
  ignoreErrors: readSwitch(query, 'ignoreErrors', false),
  parameters: readParameters(query.get('tenantParameters')),
});

/** Is the dependency check on? `parallel` is read for its errors only: modules are told one after the other. */
export const readDepCheck = (query: URLSearchParams): boolean => {
  const depCheck = readSwitch(query, 'depCheck', true);
  const parallel = readNumber(query, 'parallel', 1);
  if (parallel < 1) throw bad('parallel must be 1 or higher');
  if (!depCheck && parallel > 1)
    throw bad('Install Option parallel can not be greater than 1 when Install Option depCheck is false');
  return depCheck;
};

/** `k=v,k=v`; a value is optional. */
const readParameters = (value: string | null): InstallOptions['parameters'] => {
  const pairs = (value ?? '').split(',').filter((pair) => pair !== '');
  if (pairs.length > MAX_PARAMETERS) throw bad(`more than ${MAX_PARAMETERS} tenantParameters`);
  return pairs.map((pair) => {
    const equals = pair.indexOf('=');
    return equals < 0 ? { key: pair } : { key: pair.slice(0, equals), value: pair.slice(equals + 1) };
  });
};

/** Absent or `true`: all; `false`: none; else a pattern on whole module ids in which only `.*` and `*` have a meaning. */
const readInvoke = (value: string | null): InstallOptions['invoke'] => {
  if (value === null || value === 'true') return () => true;
  if (value === 'false') return () => false;
  // Okapi takes a regular expression here; one from outside could run for ever.
  const parts = value.replaceAll('.*', '*').split('*');
  return (id) => matches(parts, id);
};

/** Do the parts lie in the text in this order, the first at its beginning and the last at its end? */
const matches = (parts: readonly string[], id: string): boolean => {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return id === first;
  if (!id.startsWith(first)) return false;
  let place = first.length;
  for (const part of rest) {
    const found = id.indexOf(part, place);
    if (found < 0) return false;
    place = found + part.length;
  }
  return id.length - last.length >= place && id.endsWith(last);
};
