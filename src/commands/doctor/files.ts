import { X509Certificate, createPrivateKey } from 'node:crypto';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import type { Config } from '#config';
import { errorText } from '#core';
import type { Finding } from './finding.ts';

const DAY_MS = 86_400_000;
const SOON_DAYS = 14;

/** Can the files that the configuration names be read? */
export const examineFiles = async ({ tls, loader }: Config, now: number): Promise<readonly Finding[]> => [
  ...(tls.mode === 'file' ? [await examineCertificate(tls, now)] : []),
  ...(loader.geoDatabase === '' || loader.geoDatabase === 'off'
    ? []
    : [await examineFile('geo database', loader.geoDatabase)]),
];

/** Do certificate and key fit, and for how long? */
const examineCertificate = async (
  { certFile, keyFile }: Pick<Config['tls'], 'certFile' | 'keyFile'>,
  now: number,
): Promise<Finding> => {
  const what = 'certificate';
  try {
    const certificate = new X509Certificate(await readFile(certFile));
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(keyFile))))
      return { state: 'bad', what, found: `${keyFile} is not the key of ${certFile}` };
    const days = Math.floor((certificate.validToDate.getTime() - now) / DAY_MS);
    const found = `${certFile}, valid until ${certificate.validToDate.toISOString().slice(0, 10)}`;
    if (days < 0) return { state: 'bad', what, found, hint: 'it is no longer valid' };
    if (days < SOON_DAYS) return { state: 'note', what, found, hint: `${days} days are left` };
    return { state: 'good', what, found };
  } catch (error) {
    return { state: 'bad', what, found: `reading ${certFile} and ${keyFile}: ${errorText(error)}` };
  }
};

const examineFile = async (what: string, path: string): Promise<Finding> => {
  try {
    await access(path, constants.R_OK);
    return { state: 'good', what, found: path };
  } catch (error) {
    return { state: 'bad', what, found: errorText(error) };
  }
};
