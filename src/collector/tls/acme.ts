import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type Clock, errorCode, errorText, type Log, replaceFile } from '#core';
import {
  type Certificate,
  type CertificateKeeper,
  createCertificateHolder,
  parseCertificate,
  serverPart,
} from './certificate.ts';
import { type ChallengeServer, startChallengeServer } from './challenge-server.ts';

/** How certificates are asked for. */
export interface AcmeOptions {
  /** Name the certificate is for. */
  readonly domain: string;
  /** Where the authority writes to; empty: nowhere. */
  readonly email: string;
  /** Directory of the authority; empty: Let's Encrypt. */
  readonly directoryUrl: string;
  /** Where challenges are answered; the authority asks on port 80. */
  readonly httpPort: number;
  /** Where HTTPS is served: others than the authority are sent there. */
  readonly httpsPort: number;
  /** Keeps the account's key, the certificate and its key. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
}

const HOUR_MS = 3_600_000;
const FIRST_RETRY_MS = 60_000;
/** A certificate is renewed after this part of its time, as Let's Encrypt advises: works for 90 days as for 6. */
const RENEW_AFTER_SHARE = 2 / 3;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/**
 * Gets a certificate by ACME (http-01) and renews it in time. What is in the folder is used first, so a restart asks nobody.
 * While there is none, or a renewal fails, it tries again after a minute, then less and less often up to an hour. Throws
 * `TLS_DOMAIN_INVALID`, or `TLS_CHALLENGE_PORT` when the port cannot be had.
 */
export const openAcme = async (options: AcmeOptions): Promise<CertificateKeeper> => {
  const { domain, folder, clock } = options;
  if (!DOMAIN.test(domain))
    throw new AppError('TLS_DOMAIN_INVALID', `asking for a certificate, found the domain '${domain}'`, {
      hint: 'set tls.domain to the name under which browsers reach this server',
    });
  const log = options.log.child('tls');
  const holder = createCertificateHolder();
  const stopping = new AbortController();
  const certPath = join(folder, `${domain}.cert.pem`);
  const keyPath = join(folder, `${domain}.key.pem`);
  let retryMs = 0;

  /** Looks whether it is time; returns how long to wait until the next look. */
  const tend = async (): Promise<number> => {
    const certificate = holder.current();
    if (certificate !== null && clock.now() < renewalTime(certificate)) return HOUR_MS;
    try {
      const next = await askForCertificate(options, challenges);
      // The key first: a certificate without its key is of no use, a key without certificate is asked for again.
      await replaceFile(keyPath, next.key);
      await replaceFile(certPath, next.cert);
      holder.replace(next);
      retryMs = 0;
      log.info('certificate_issued', { domain, expires_at: new Date(next.expiresAt).toISOString() });
      return HOUR_MS;
    } catch (error) {
      retryMs = Math.min(HOUR_MS, retryMs === 0 ? FIRST_RETRY_MS : retryMs * 2);
      const left = certificate === null ? null : Math.round((certificate.expiresAt - clock.now()) / HOUR_MS);
      log.error('certificate_not_issued', {
        domain,
        hours_left: left,
        retry_ms: retryMs,
        err: errorText(error),
      });
      return retryMs;
    }
  };

  const keepTending = async (): Promise<void> => {
    while (!stopping.signal.aborted) await clock.sleep(await tend(), stopping.signal);
  };

  await mkdir(folder, { recursive: true, mode: 0o700 });
  const kept = await readKept(certPath, keyPath, log);
  if (kept !== null) holder.replace(kept);
  const challenges = await startChallengeServer(options.httpPort, domain, options.httpsPort);
  // Nobody waits for the authority: the server starts, and gets the certificate when it is there.
  void keepTending();
  return {
    current: () => serverPart(holder.current()),
    attach: holder.attach,
    stop: async () => {
      stopping.abort();
      // An order that is under way is left alone: it ends by itself and its result is not lost.
      await challenges.stop();
    },
  };
};

const renewalTime = ({ validFrom, expiresAt }: Certificate): number =>
  validFrom + (expiresAt - validFrom) * RENEW_AFTER_SHARE;

const askForCertificate = async (options: AcmeOptions, challenges: ChallengeServer): Promise<Certificate> => {
  // Large, and needed once in two months.
  const acme = await import('acme-client');
  const client = new acme.Client({
    directoryUrl: options.directoryUrl === '' ? acme.directory.letsencrypt.production : options.directoryUrl,
    accountKey: await accountKey(options.folder, async () => acme.crypto.createPrivateEcdsaKey()),
  });
  const [key, csr] = await acme.crypto.createCsr(
    { altNames: [options.domain] },
    await acme.crypto.createPrivateEcdsaKey(),
  );
  const cert = await client.auto({
    csr,
    termsOfServiceAgreed: true,
    ...(options.email === '' ? {} : { email: options.email }),
    challengePriority: ['http-01'],
    // The check from inside fails behind many routers although the authority would succeed.
    skipChallengeVerification: true,
    challengeCreateFn: async (_, challenge, keyAuthorization) => {
      challenges.put(challenge.token, keyAuthorization);
    },
    challengeRemoveFn: async (_, challenge) => {
      challenges.remove(challenge.token);
    },
  });
  return parseCertificate(cert, key.toString());
};

/** The account is its key: the authority finds the account again by it. */
const accountKey = async (folder: string, create: () => Promise<Buffer>): Promise<string> => {
  const path = join(folder, 'account.key.pem');
  const kept = await readIfThere(path);
  if (kept !== null) return kept;
  const key = (await create()).toString();
  await replaceFile(path, key);
  return key;
};

const readKept = async (certPath: string, keyPath: string, log: Log): Promise<Certificate | null> => {
  const [cert, key] = await Promise.all([readIfThere(certPath), readIfThere(keyPath)]);
  if (cert === null || key === null) return null;
  try {
    return parseCertificate(cert, key);
  } catch (error) {
    log.warn('certificate_refused', { path: certPath, err: errorText(error) });
    return null;
  }
};

const readIfThere = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
};
