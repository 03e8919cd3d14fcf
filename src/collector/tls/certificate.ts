import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { AppError, errorText } from '#core';

/** A certificate (PEM, with its chain) and its key (PEM). */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** First instant (epoch ms) at which clients accept it. */
  readonly validFrom: number;
  /** First instant (epoch ms) at which clients refuse it. */
  readonly expiresAt: number;
}

/** Something that takes certificates: an HTTPS server. */
export interface CertificateUser {
  setSecureContext(options: { readonly cert: string; readonly key: string }): void;
}

/** Provides the certificate of an HTTPS server, and the next ones. */
export interface CertificateKeeper {
  /** For `https.createServer`; empty while there is no certificate yet: then connections fail until one is there. */
  current(): { readonly cert?: string; readonly key?: string };
  /** Gives the server each new certificate from now on; connections that are open keep theirs. */
  attach(user: CertificateUser): void;
  stop(): Promise<void>;
}

/** Checks that a certificate and a key belong together. Throws `TLS_CERTIFICATE_INVALID`. */
export const parseCertificate = (cert: string, key: string): Certificate => {
  try {
    createSecureContext({ cert, key });
    const { validFrom, validTo } = new X509Certificate(cert);
    return { cert, key, validFrom: Date.parse(validFrom), expiresAt: Date.parse(validTo) };
  } catch (error) {
    throw new AppError('TLS_CERTIFICATE_INVALID', `reading a certificate and its key: ${errorText(error)}`, {
      hint: 'both must be PEM and belong together; the certificate file holds the chain, too',
      cause: error,
    });
  }
};

/** Holds the certificate in force for its users. */
export const createCertificateHolder = (): {
  readonly current: () => Certificate | null;
  readonly replace: (certificate: Certificate) => void;
  readonly attach: (user: CertificateUser) => void;
} => {
  let certificate: Certificate | null = null;
  const users: CertificateUser[] = [];
  return {
    current: () => certificate,
    replace: (next) => {
      certificate = next;
      for (const user of users) user.setSecureContext({ cert: next.cert, key: next.key });
    },
    attach: (user) => void users.push(user),
  };
};

/** What `https.createServer` wants of it. */
export const serverPart = (
  certificate: Certificate | null,
): { readonly cert?: string; readonly key?: string } =>
  certificate === null ? {} : { cert: certificate.cert, key: certificate.key };
