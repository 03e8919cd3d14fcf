import type { IncomingMessage } from 'node:http';
import type { Clock } from '#core';
import type { ClientAddresses } from './client-address.ts';
import { type Refusal, refuse } from './refusal.ts';
import {
  checkSignature,
  signatureHeader,
  type SignatureVerdict,
  signatureWindowSeconds,
} from './signature.ts';

/** What judging calls of modules needs. */
export interface CallBackDeps {
  readonly clock: Clock;
  readonly clientAddresses: ClientAddresses;
  /** May modules run at this address? */
  mayRunAt(address: string): boolean;
  /** Secrets, one of which a module's calls have to be signed with; null: no proof is asked for. */
  secretsOf(moduleId: string): readonly string[] | null;
  /** Told of each call that was refused for lack of a proof. */
  unproved(reason: Lack): void;
}

/**
 * Judges a request with a module's token: does it come from where modules run, and from an instance of that module? Null: nothing is wrong.
 * The token alone proves neither, because everything that the module has sent it to has it.
 */
export const createCallBackJudge =
  (deps: CallBackDeps): ((req: IncomingMessage, moduleId: string, clientAddress: string) => Refusal | null) =>
  (req, moduleId, clientAddress) => {
    if (!deps.mayRunAt(clientAddress)) return notAModule;
    if (isProxied(req) && !deps.clientAddresses.isTrusted(req.socket.remoteAddress ?? ''))
      return throughUnknownProxy;
    const secrets = deps.secretsOf(moduleId);
    if (secrets === null) return null;
    if (req.headers['x-okapi-token'] === undefined) return unproved(deps, moduleId, 'uncovered');
    const verdict = checkSignature(
      headerOf(req),
      secrets,
      { from: 'module', method: req.method ?? '', uri: req.url ?? '', headers: pairsOf(req.rawHeaders) },
      deps.clock.now(),
    );
    return verdict === 'good' ? null : unproved(deps, moduleId, verdict);
  };

/** Why a call is not taken for that of an instance. */
type Lack = Exclude<SignatureVerdict, 'good'> | 'uncovered';

const unproved = (deps: CallBackDeps, moduleId: string, lack: Lack): Refusal => {
  deps.unproved(lack);
  const message = `Calls of module ${moduleId} must be signed: ${saying[lack]}`;
  return refuse(401, 'GATEWAY_CALL_BACK_UNPROVED', message);
};

const saying: Readonly<Record<Lack, string>> = {
  uncovered: 'the token must be in X-Okapi-Token, which the signature covers',
  missing: 'X-Rumbrella-Signature is missing',
  malformed: 'X-Rumbrella-Signature is not of the form t=<seconds>,v1=<64 hex digits>',
  wrong: 'X-Rumbrella-Signature does not fit the request and the secret of a running instance',
  stale: `the time in X-Rumbrella-Signature is more than ${signatureWindowSeconds} seconds from the gateway's`,
};

const headerOf = ({ headers }: IncomingMessage): string | undefined => {
  const value = headers[signatureHeader];
  return typeof value === 'string' ? value : undefined;
};

/** Of Node's flat list of names and values. */
const pairsOf = (raw: readonly string[]): readonly (readonly [string, string])[] =>
  raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));

const notAModule = refuse(
  401,
  'GATEWAY_CALL_BACK',
  'Invalid token',
  'a module token came from an address where modules may not run',
);

const throughUnknownProxy = refuse(
  401,
  'GATEWAY_CALL_BACK',
  'Invalid token',
  'a module token came through a proxy that is not in collector.trusted_proxies: who sent it is not known',
);

const isProxied = ({ headers }: IncomingMessage): boolean =>
  headers['x-forwarded-for'] !== undefined || headers.forwarded !== undefined;
