import { AppError, errorCode, errorText } from '#core';
import type { StageCall } from './stage.ts';

/** Nobody waits for the answer any more. */
export const clientGone = (): AppError =>
  new AppError('GATEWAY_CLIENT_GONE', 'the client went away before the answer was complete', { status: 499 });

/** No connection became free in the module's time. */
export const noConnection = (call: StageCall): AppError =>
  new AppError(
    'GATEWAY_MODULE_TIMEOUT',
    `module ${call.entry.module.id} did not answer in time (all connections to it were busy)`,
    { status: 504 },
  );

/** Too many wait for a connection already. */
export const moduleBusy = (call: StageCall, waiting: number): AppError =>
  new AppError(
    'GATEWAY_MODULE_BUSY',
    `module ${call.entry.module.id} was not called: ${waiting} requests wait for a connection to it`,
    { status: 503 },
  );

const connectFailures: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'GATEWAY_MODULE_ADDRESS',
  'GATEWAY_MODULE_BUSY',
]);

/** The module has not been reached, so the next instance may be asked. */
export const isConnectFailure = (error: unknown): boolean => connectFailures.has(errorCode(error));

const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** The module closed a kept-alive connection just when it was used again: it has not seen the request. */
export const isStale = (error: unknown, call: StageCall): boolean => {
  if (call.body !== null || !idempotent.has(call.method) || errorCode(error) !== 'UND_ERR_SOCKET')
    return false;
  const socket: unknown =
    typeof error === 'object' && error !== null ? Reflect.get(error, 'socket') : undefined;
  const bytesRead: unknown =
    typeof socket === 'object' && socket !== null ? Reflect.get(socket, 'bytesRead') : 0;
  return typeof bytesRead === 'number' && bytesRead > 0;
};

const timeouts: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

/**
 * What the gateway says of a failed call: `GATEWAY_MODULE_TIMEOUT` (504), `GATEWAY_MODULE_UNREACHABLE` or `GATEWAY_MODULE_BROKEN` (502); its own errors stay as
 * they are.
 */
export const moduleFailure = (error: unknown, call: StageCall): AppError => {
  const module = call.entry.module.id;
  const code = errorCode(error);
  if (error instanceof AppError && code !== 'GATEWAY_MODULE_ADDRESS') return error;
  const facts = { cause: error, details: { module, cause: code } };
  if (timeouts.has(code))
    return new AppError('GATEWAY_MODULE_TIMEOUT', `module ${module} did not answer in time (${code})`, {
      ...facts,
      status: 504,
    });
  if (isConnectFailure(error))
    return new AppError(
      'GATEWAY_MODULE_UNREACHABLE',
      `module ${module} cannot be connected to: ${errorText(error)}`,
      {
        ...facts,
        status: 502,
      },
    );
  return new AppError('GATEWAY_MODULE_BROKEN', `module ${module} gave no valid answer: ${errorText(error)}`, {
    ...facts,
    status: 502,
  });
};
