import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';

type X509 = typeof import('@peculiar/x509');

/** A certificate that signs itself, and its key, as PEM. `validMs` may be negative: then it is no longer valid. */
export const selfSigned = async (
  domain: string,
  validMs: number,
): Promise<{ readonly certificate: string; readonly key: string }> => {
  // The library that `acme-client` works with: one place makes certificates.
  const require = createRequire(createRequire(import.meta.url).resolve('acme-client'));
  const x509 = require('@peculiar/x509') as X509;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: `CN=${domain}`,
    notBefore: new Date(Date.now() - 10 * 86_400_000),
    notAfter: new Date(Date.now() + validMs),
    signingAlgorithm: algorithm,
    keys,
  });
  const key = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    certificate: certificate.toString('pem'),
    key: `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`,
  };
};
