import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Clock, createDeadlines, errorText, type Log, type Metrics } from '#core';
import type { JournalWriter } from '#journal';
import { classify, type TenantRegistry } from '#tenants';
import { answerPreflight, answerStored, answerText } from './answers.ts';
import { createClientAddresses } from './client-address.ts';
import { keepHeaders } from './kept-headers.ts';
import { type CollectorOptions, MAX_IN_FLIGHT_BYTES } from './options.ts';
import { createQuotas } from './quotas.ts';
import { createRefusals, type Refusal } from './refusal.ts';
import { createTally } from './tally.ts';
import { readTarget } from './target.ts';
import { createTraceFinder, hasMoreParameters, MAX_TRACE_LENGTH } from './trace.ts';

/** What the collector works with. */
export interface CollectorParts {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly journal: Pick<JournalWriter, 'append' | 'stats'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly options: CollectorOptions;
}

/** The door for beacons. */
export interface Collector {
  /** Answers `/beacon/catcher` and `/health`; false: the path is not its own and nothing was done. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
  /** From now on beacons are refused (503); resolves when those that were accepted before are answered. */
  stop(): Promise<void>;
}

const EMPTY = Buffer.alloc(0);

/**
 * Creates the collector. A beacon is answered 204 when the journal has it; whatever is wrong with a request is answered with a
 * status and a sentence, counted by reason, and harms nothing else.
 */
export const createCollector = (parts: CollectorParts): Collector => {
  const { registry, journal, clock, options } = parts;
  const log = parts.log.child('collector');
  const tally = createTally(parts.metrics);
  const refusals = createRefusals(options);
  const traces = createTraceFinder(options.traceParameters);
  const addresses = createClientAddresses(options.trustedProxies, options.clientAddress);
  const queryBytes = Buffer.allocUnsafeSlow(Math.max(16_384, options.maxHeaderBytes));
  const quotas = createQuotas(options, clock);
  const deadlines = createDeadlines(options.bodyTimeoutMs, clock);
  let inFlightBytes = 0;
  let appending = 0;
  let stopped = false;
  let drained = (): void => undefined;

  const handle = (request: IncomingMessage, response: ServerResponse): boolean => {
    const target = readTarget(request.url ?? '');
    if (target.kind === 'other') return false;
    try {
      if (target.kind === 'health') answerHealth(request, response);
      else receive(request, response, target.query);
    } catch (error) {
      fail(request, response, error);
    }
    return true;
  };

  /** The boundary around one request: whatever goes wrong with it stays with it. */
  const fail = (request: IncomingMessage, response: ServerResponse, error: unknown): void => {
    log.error('beacon_failed', { err: errorText(error) });
    refuse(request, response, refusals.internal, 'unknown');
  };

  const answerHealth = (request: IncomingMessage, response: ServerResponse): void => {
    endWithBody(request);
    const { trouble } = journal.stats();
    if (trouble === null && !stopped) answerText(request, response, 200, 'ok');
    else
      answerText(request, response, 503, stopped ? 'stopping' : `the journal cannot be written: ${trouble}`);
  };

  /**
   * For a request that is answered before its body is there: the rest is read past, so that the sender gets its answer and not a reset, but no longer
   * than any other body. Node itself would wait for the rest as long as one byte comes now and then.
   */
  const endWithBody = (request: IncomingMessage): void => {
    if (request.complete || !announcesBody(request)) return;
    const deadline = deadlines.watch(() => request.socket.destroy());
    request.on('close', () => deadline.leave());
  };

  const receive = (request: IncomingMessage, response: ServerResponse, query: string): void => {
    const { method } = request;
    if (method !== 'POST') endWithBody(request);
    if (method === 'OPTIONS') return answerPreflight(response);
    if (method === 'HEAD') return answerStored(request, response);
    const problem = problemOf(request);
    if (problem !== null) return refuse(request, response, problem, 'unknown');
    if (method === 'GET') return store(request, response, query, EMPTY);
    receiveBody(request, response, (body, refusal) => {
      if (refusal !== null) refuse(request, response, refusal, 'unknown');
      else if (body !== null) store(request, response, query, body);
      else count('unknown', 'incomplete');
    });
  };

  /** What can be told from the head of the request. */
  const problemOf = (request: IncomingMessage): Refusal | null => {
    const { method, headers } = request;
    if (method !== 'GET' && method !== 'POST') return refusals.method;
    if (request.rawHeaders.length > options.maxHeaders * 2) return refusals.tooManyHeaders;
    if (stopped || inFlightBytes > MAX_IN_FLIGHT_BYTES) return refusals.overloaded;
    if (method === 'GET') return null;
    const encoding = headers['content-encoding'];
    if (encoding !== undefined && encoding !== '' && encoding !== 'identity') return refusals.contentEncoding;
    if (!isFormLike(headers['content-type'])) return refusals.mediaType;
    const length = headers['content-length'];
    return length !== undefined && Number(length) > options.maxBodyBytes ? refusals.bodyTooLarge : null;
  };

  /** Calls back once: with the body, with a refusal, or with neither when the client went away. */
  const receiveBody = (
    request: IncomingMessage,
    response: ServerResponse,
    done: (body: Buffer | null, refusal: Refusal | null) => void,
  ): void => {
    let first: Buffer | null = null;
    let rest: Buffer[] | null = null;
    let size = 0;
    let over = false;
    const finish = (body: Buffer | null, refusal: Refusal | null): void => {
      if (over) return;
      over = true;
      deadline.leave();
      inFlightBytes -= size;
      try {
        done(body, refusal);
      } catch (error) {
        fail(request, response, error);
      }
    };
    const deadline = deadlines.watch(() => finish(null, refusals.tooSlow));
    request.on('data', (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      inFlightBytes += chunk.length;
      if (size > options.maxBodyBytes) return finish(null, refusals.bodyTooLarge);
      if (inFlightBytes > MAX_IN_FLIGHT_BYTES) return finish(null, refusals.overloaded);
      if (first === null) first = chunk;
      else if (rest === null) rest = [first, chunk];
      else rest.push(chunk);
    });
    request.on('end', () => finish(rest === null ? (first ?? EMPTY) : Buffer.concat(rest, size), null));
    request.on('close', () => finish(null, null));
  };

  const store = (request: IncomingMessage, response: ServerResponse, query: string, body: Buffer): void => {
    const queryText = query === '' ? EMPTY : queryBytes.subarray(0, queryBytes.write(query, 0, 'latin1'));
    const found = traces.find(queryText, body);
    const isTooLong = found.length > MAX_TRACE_LENGTH;
    const receivedAt = clock.now();
    const snapshot = registry.current();
    const destination = classify(snapshot, isTooLong ? null : found, receivedAt);
    if (hasMoreParameters(queryText, body, options.maxParameters))
      return refuse(request, response, refusals.tooManyParameters, destination);
    if (isOptedOut(request)) {
      count(destination, 'privacy');
      return answerStored(request, response);
    }
    const bytes = body.length + queryText.length;
    const peer = request.socket.remoteAddress ?? '';
    const { headers } = request;
    const client = addresses.find({
      peer,
      forwardedFor: textOf(headers['x-forwarded-for']),
      country: textOf(headers['cf-ipcountry']),
      city: textOf(headers['cf-ipcity']),
    });
    const own = snapshot.byId(destination)?.beaconsPerSecond;
    const quota = quotas.over(destination, client.network, bytes, own);
    if (quota !== null) return refuse(request, response, refusals[quota], destination);
    inFlightBytes += bytes;
    appending += 1;
    journal.append(
      {
        receivedAt,
        destination,
        trace: isTooLong ? found.slice(0, MAX_TRACE_LENGTH) : found,
        method: request.method === 'POST' ? 'POST' : 'GET',
        query,
        body,
        headers: keepHeaders(headers, addresses.isTrusted(peer)),
        clientAddress: client.address,
        country: client.country,
        city: client.city,
      },
      (error) => {
        inFlightBytes -= bytes;
        appending -= 1;
        if (error === null) {
          tally.received(destination);
          if (destination === 'expired') tally.expired(snapshot.byTrace(found)?.id ?? '');
          answerStored(request, response);
        } else refuse(request, response, refusals.journal, destination);
        if (appending === 0) drained();
      },
    );
  };

  const isOptedOut = ({ headers }: IncomingMessage): boolean =>
    (options.honourGpc && headers['sec-gpc'] === '1') || (options.honourDnt && headers['dnt'] === '1');

  const refuse = (
    request: IncomingMessage,
    response: ServerResponse,
    refusal: Refusal,
    destination: string,
  ): void => {
    count(destination, refusal.reason);
    if (request.method === 'POST') endWithBody(request);
    answerText(request, response, refusal.status, `${refusal.text}\n`, refusal.headers);
  };

  const count = (destination: string, reason: Refusal['reason']): void => {
    tally.received(destination);
    tally.refused(destination, reason);
  };

  const stop = async (): Promise<void> => {
    stopped = true;
    deadlines.stop();
    if (appending > 0)
      await new Promise<void>((resolve) => {
        drained = resolve;
      });
  };

  parts.metrics.beforeValues(() => gauge.set(inFlightBytes));
  const gauge = parts.metrics.gauge('rumbrella_collector_in_flight_bytes', 'Bytes of beacons held in memory');
  return { handle, stop };
};

/** No type at all, a form, plain text, or bytes of no declared kind: `sendBeacon` and old senders use all of them. */
const isFormLike = (type: string | undefined): boolean => {
  if (type === undefined || type === 'application/x-www-form-urlencoded' || type === '') return true;
  const kind = type.split(';', 1)[0]?.trim().toLowerCase();
  return (
    kind === '' ||
    kind === 'application/x-www-form-urlencoded' ||
    kind === 'text/plain' ||
    kind === 'application/octet-stream'
  );
};

const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

const textOf = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'object' ? value.join(', ') : value;
