import { readFile } from 'node:fs/promises';
import { AppError, type Clock, errorText, type Log } from '#core';
import {
  type CertificateKeeper,
  createCertificateHolder,
  parseCertificate,
  serverPart,
} from './certificate.ts';

/** Where the files are. */
export interface CertificateFilesOptions {
  readonly certFile: string;
  readonly keyFile: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The files are looked at this often. Default 10 s. */
  readonly pollMs?: number;
}

/**
 * Serves the certificate in two files and looks again and again whether they have changed; one that cannot be read or does not
 * fit its key is reported and the last good one stays. Throws `TLS_CERTIFICATE_INVALID` or `TLS_FILES_MISSING` at the start.
 */
export const openCertificateFiles = async (options: CertificateFilesOptions): Promise<CertificateKeeper> => {
  const { certFile, keyFile, clock, pollMs = 10_000 } = options;
  const log = options.log.child('tls');
  const holder = createCertificateHolder();
  const stopping = new AbortController();
  let complained = '';

  const readBoth = async (): Promise<readonly [string, string]> =>
    Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);

  const look = async (): Promise<void> => {
    try {
      const [cert, key] = await readBoth();
      const inForce = holder.current();
      if (cert === inForce?.cert && key === inForce.key) return;
      const certificate = parseCertificate(cert, key);
      holder.replace(certificate);
      complained = '';
      log.info('certificate_replaced', { expires_at: new Date(certificate.expiresAt).toISOString() });
    } catch (error) {
      // The two files are replaced one after the other: in between they do not fit. Say it once, not every time.
      const text = errorText(error);
      if (text !== complained) log.warn('certificate_refused', { err: text });
      complained = text;
    }
  };

  const watch = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await clock.sleep(pollMs, stopping.signal);
      if (!stopping.signal.aborted) await look();
    }
  };

  const first = await readBoth().catch((error: unknown) => {
    throw new AppError('TLS_FILES_MISSING', `reading ${certFile} and ${keyFile}: ${errorText(error)}`, {
      hint: 'set tls.cert_file and tls.key_file to files that this user may read',
      cause: error,
    });
  });
  holder.replace(parseCertificate(...first));
  const watching = watch();
  return {
    current: () => serverPart(holder.current()),
    attach: holder.attach,
    stop: async () => {
      stopping.abort();
      await watching;
    },
  };
};
