import { pino } from 'pino';

/** Fields of a log line. See docs/reference/operations.md; no payloads, no secrets. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * JSON lines on standard output. `event` is noun_verb in the past (`beacon_refused`, `snapshot_replaced`).
 * Levels by consequence: error = data lost or a human must act; warn = unexpected, recovered;
 * info = start, stop, reload, migration; debug = per item.
 */
export interface Log {
  error(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  debug(event: string, fields?: LogFields): void;
  /** A log whose every line carries `component`. */
  child(component: string): Log;
}

/** Least level that is written. */
export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent';

/** Creates the log of the process. `destination` is a file descriptor, default standard output. */
export const createLog = (level: LogLevel, destination = 1): Log => {
  const root = pino(
    {
      level,
      base: null,
      messageKey: 'event',
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: destination, sync: true }),
  );
  const wrap = (logger: typeof root): Log => ({
    error: (event, fields) => logger.error(fields ?? {}, event),
    warn: (event, fields) => logger.warn(fields ?? {}, event),
    info: (event, fields) => logger.info(fields ?? {}, event),
    debug: (event, fields) => logger.debug(fields ?? {}, event),
    child: (component) => wrap(logger.child({ component })),
  });
  return wrap(root);
};

/** A log that writes nothing: for tests and for commands that talk to a person. */
export const silentLog: Log = {
  error: () => undefined,
  warn: () => undefined,
  info: () => undefined,
  debug: () => undefined,
  child: () => silentLog,
};
