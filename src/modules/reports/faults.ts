import { AppError } from '#core';
import { json, type ModuleResponse } from '#gateway/contract';

/** One thing that is wrong with what was asked, or why it was not answered. */
export interface Fault {
  /** For a person: what was found, what was expected. */
  readonly message: string;
  /** SCREAMING_SNAKE. */
  readonly code: string;
  /** The parameter and its value as sent, cut. */
  readonly parameters?: readonly { readonly key: string; readonly value: string }[];
}

/** A fault of one parameter: `key: found "value", expected …`. */
export const parameterFault = (key: string, value: string | undefined, expected: string): Fault => {
  const cut = (value ?? '').slice(0, MAX_SHOWN);
  const found = value === undefined ? 'nothing' : JSON.stringify(cut);
  return {
    message: `${key}: found ${found}, expected ${expected}`,
    code: 'PARAMETER_INVALID',
    parameters: [{ key, value: cut }],
  };
};

const MAX_SHOWN = 100;

/** An error that answers with these faults. Code `REPORTS_REFUSED`. */
export const refusal = (status: number, ...faults: readonly Fault[]): AppError =>
  new AppError('REPORTS_REFUSED', faults.map(({ message }) => message).join('; '), {
    status,
    details: { faults },
  });

/** The answer for an error of `refusal`; every other error is thrown again. */
export const refusalResponse = (error: unknown): ModuleResponse => {
  if (!(error instanceof AppError) || error.code !== 'REPORTS_REFUSED') throw error;
  const faults = (error.details?.['faults'] ?? []) as readonly Fault[];
  return json(
    error.status,
    { errors: faults.map(({ parameters = [], ...fault }) => ({ ...fault, type: '-1', parameters })) },
    { 'cache-control': 'no-store' },
  );
};
