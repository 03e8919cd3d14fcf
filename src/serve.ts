import type { Config } from '#config';
import { createLog, errorText, systemClock } from '#core';
import { type App, createApp, type Role } from './app.ts';
import { watchFailures } from './process-failures.ts';

/** How long an end after an exception waits for the beacons that were taken, and for their answers to be on their way. */
const LAST_BEACONS_MS = 2_000;
const LAST_ANSWERS_MS = 100;

/**
 * `rumbrella serve`: runs until a signal ends it; a second signal ends it at once. A failure that nobody caught ends it with code 1, after
 * the beacons that were taken are answered; rejections are only told.
 */
export const serve = async (config: Config, role: Role): Promise<void> => {
  const log = createLog(config.logLevel);
  const failures = watchFailures(log, () => {
    const finished = starting
      .then((app) => app.finishBeacons())
      .then(() => systemClock.sleep(LAST_ANSWERS_MS))
      .catch((error: unknown) => log.error('stop_failed', { err: errorText(error) }));
    void Promise.race([finished, systemClock.sleep(LAST_BEACONS_MS)]).finally(() => process.exit(1));
  });
  const starting = createApp(config, role, systemClock, log, (sentence) =>
    process.stderr.write(`  ${sentence}\n`),
  );
  let stopping = false;
  const stop = (code: number): void => {
    if (stopping) process.exit(1);
    stopping = true;
    starting
      .then((app) => app.stop())
      .catch((error: unknown) => log.error('stop_failed', { err: errorText(error) }))
      .finally(() => {
        log.info('server_stopped');
        process.exit(code);
      });
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop(0));

  const app = await starting;
  failures.countIn(app.metrics);
  greet(app, config, role);
  app.ready.catch((error: unknown) => {
    log.error('start_failed', { err: errorText(error) });
    process.stderr.write(`rumbrella: ${errorText(error)}\n`);
    stop(1);
  });
};

/** For the person at the terminal; on standard error, so that standard output stays JSON lines. */
const greet = ({ port, operatorToken, hasDemo }: App, config: Config, role: Role): void => {
  const address = `${config.tls.mode === 'off' ? 'http' : 'https'}://localhost:${port}`;
  const lines = [`Rumbrella is listening on ${address}`];
  if (role === undefined) lines.push(`Back office: ${address}/app/`);
  if (role === undefined && hasDemo) lines.push(`Send real beacons from the demo page: ${address}/demo/`);
  if (operatorToken.isNew) {
    lines.push(
      `Operator's token, shown this once and kept in ${config.dataDir}/operator-token: ${operatorToken.token}`,
    );
  }
  process.stderr.write(`\n  ${lines.join('\n  ')}\n\n`);
};
