import { AppError } from '#core';
import { type ModuleResponse, text } from '#gateway/contract';
import { unprocessable } from '../records/index.ts';

/**
 * The answer for what could not be done: 422 for what is wrong with the request or would be wrong with the users map, 404 and 409 with a sentence.
 * Every other error is thrown again.
 */
export const refusalOf = (error: unknown): ModuleResponse => {
  if (!(error instanceof AppError)) throw error;
  if (error.code === 'TENANTS_MAP_INVALID' || error.status === 422) return unprocessable(...faultsOf(error));
  if (error.code === 'TENANTS_MAP_CHANGED') return text(409, CHANGED);
  if (error.status >= 500) throw error;
  return text(error.status, error.hint === undefined ? error.message : `${error.message} (${error.hint})`);
};

const CHANGED =
  'the users map was changed by somebody else meanwhile: look at the list again, then repeat your change';

const faultsOf = (error: AppError) => {
  const problems = error.details?.['problems'];
  const messages = Array.isArray(problems) && problems.length > 0 ? problems.map(String) : [error.message];
  const named = error.details?.['parameter'];
  return messages.slice(0, 20).map((message) => {
    const key = typeof named === 'string' ? named : ruleOf(message);
    return { message, code: error.code, parameters: key === null ? [] : [{ key, value: '' }] };
  });
};

/** `line 9, relation[0].when[2].query.site: found …` is about `rules.2.query`: the map was valid before, so the rule is one of the request. */
const ruleOf = (problem: string): string | null => {
  const place = /^line \d+, relation\[\d+\]\.when\[(\d+)\](?:\.(\w+))?/.exec(problem);
  if (place === null) return null;
  return ['rules', place[1], place[2]].filter((part) => part !== undefined).join('.');
};

/** An error that is answered 422 and names the parameter that it is about. */
export const wrong = (parameter: string, message: string): AppError =>
  new AppError('OPERATIONS_INPUT', `${parameter}: ${message}`, { status: 422, details: { parameter } });
