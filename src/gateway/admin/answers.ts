import { AppError } from '#core';
import { type ModuleResponse, text } from '../contract.ts';
import { jacksonJson } from './jackson.ts';

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
export const missing = (what: string): ModuleResponse => text(404, what);

/** A wrong request; the text is Okapi's. */
export const bad = (message: string, status = 400): AppError =>
  new AppError('GATEWAY_ADMIN_REFUSED', message, { status });

/** An id in a `Location`, as Okapi writes it. */
export const inLocation = (id: string): string => encodeURIComponent(id);
