import { AppError } from '#core';
import { type ModuleResponse, text } from '../contract.ts';
import { jacksonJson } from './jackson.ts';

/** An error's text has at most so many characters: what a caller has sent must not come back in bulk. */
const MAX_TEXT = 8_000;
/** A value of a caller or of a module, within an error's text. */
const MAX_SHOWN = 300;

/** JSON in Okapi's layout. */
export const answer = (
  status: number,
  value: unknown,
  headers: Readonly<Record<string, string>> = {},
): ModuleResponse => ({
  status,
  headers: { ...headers, 'content-type': 'application/json' },
  body: jacksonJson(value),
});

/** 201 with `Location` and the resource. */
export const created = (location: string, value: unknown): ModuleResponse => answer(201, value, { location });

/** 204. */
export const nothing: ModuleResponse = { status: 204 };

/** 404 with a text. */
export const missing = (what: string): ModuleResponse => text(404, shown(what));

/** A wrong request; the text is Okapi's. */
export const bad = (message: string, status = 400): AppError =>
  new AppError('GATEWAY_ADMIN_REFUSED', cut(message, MAX_TEXT), { status });

/** The answer to a refused request. */
export const refusal = (status: number, message: string): ModuleResponse =>
  text(status, cut(message, MAX_TEXT));

/** A text from outside, short enough for an error. */
export const shown = (value: string): string => cut(value, MAX_SHOWN);

/** An id in a `Location`, as Okapi writes it. */
export const inLocation = (id: string): string => encodeURIComponent(id);

const cut = (value: string, most: number): string =>
  value.length <= most ? value : `${value.slice(0, most).toWellFormed()} …`;
