import { AppError, type Clock, type Log } from '#core';
import { openAcme } from './acme.ts';
import type { CertificateKeeper } from './certificate.ts';
import { openCertificateFiles } from './certificate-files.ts';

/** Where certificates come from; the `tls` section of the configuration has this shape. */
export interface TlsOptions {
  readonly mode: 'off' | 'file' | 'acme';
  readonly certFile: string;
  readonly keyFile: string;
  readonly domain: string;
  readonly email: string;
  readonly directoryUrl: string;
  readonly httpPort: number;
}

/** What else is needed. */
export interface TlsParts {
  /** For `acme`: keeps account and certificate. */
  readonly folder: string;
  /** Port of the HTTPS server. */
  readonly httpsPort: number;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Opens the source of certificates; null: HTTPS is off. Use it as `const server = https.createServer({ ...serverOptions(o),
 * ...keeper.current() }); keeper.attach(server)`.
 */
export const openCertificates = async (
  options: TlsOptions,
  parts: TlsParts,
): Promise<CertificateKeeper | null> => {
  switch (options.mode) {
    case 'off':
      return null;
    case 'file':
      return openCertificateFiles({ ...parts, certFile: options.certFile, keyFile: options.keyFile });
    case 'acme':
      return openAcme({ ...parts, ...options });
    default:
      throw new AppError(
        'TLS_MODE_UNKNOWN',
        `opening TLS, found the mode ${String(options.mode satisfies never)}`,
      );
  }
};
