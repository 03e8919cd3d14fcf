import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock, silentLog } from '#core';
import { type AcmeDouble, startAcmeDouble } from '../../../test/support/acme-double.ts';
import { poll } from '../../../test/support/poll.ts';
import type { CertificateKeeper } from './certificate.ts';
import { openCertificates, type TlsOptions } from './tls.ts';

const DAY_MS = 86_400_000;
const DOMAIN = 'rum.example.com';

let folder: string;
let clock: ManualClock;
const running: { stop(): Promise<void> }[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-tls-'));
  clock = createManualClock(Date.now());
});
afterEach(async () => {
  for (const part of running.splice(0).toReversed()) await part.stop();
  rmSync(folder, { recursive: true, force: true });
});

const options = (more: Partial<TlsOptions>): TlsOptions => ({
  mode: 'acme',
  certFile: '',
  keyFile: '',
  domain: DOMAIN,
  email: 'operator@example.com',
  directoryUrl: '',
  httpPort: 0,
  ...more,
});

const open = async (more: Partial<TlsOptions>): Promise<CertificateKeeper> => {
  const parts = { folder: join(folder, 'acme'), httpsPort: 8443, clock, log: silentLog };
  const keeper = await openCertificates(options(more), parts);
  if (keeper === null) throw new Error('TLS is off');
  running.push(keeper);
  return keeper;
};

const startHttps = async (keeper: CertificateKeeper): Promise<number> => {
  const server: Server = createServer({ ...keeper.current() }, (_, response) => response.end('secret'));
  keeper.attach(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  running.push({
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  });
  return (server.address() as AddressInfo).port;
};

/** The serial number of the certificate that a client sees; null: no connection. `ca`: whom the client trusts. */
const serialSeen = (port: number, ca: string): Promise<string | null> =>
  new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', servername: DOMAIN, ca }, () => {
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      resolve(new X509Certificate(raw).serialNumber);
    });
    socket.on('error', () => resolve(null));
  });

const freePort = async (): Promise<number> => {
  const server = createTcpServer();
  await new Promise<void>((resolve) => {
    server.listen(0, resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
};

const startDouble = async (validMs: number): Promise<{ double: AcmeDouble; httpPort: number }> => {
  const httpPort = await freePort();
  const double = await startAcmeDouble(httpPort, validMs);
  running.push(double);
  return { double, httpPort };
};

/** Lets the keeper look again, until `done`. */
const letTimePass = (ms: number, done: () => boolean | Promise<boolean>): Promise<unknown> =>
  poll('what the keeper does in time', async () => {
    if (await done()) return true;
    clock.advance(ms);
    return false;
  });

describe('certificates by ACME', () => {
  test('are asked for, served, kept in private files, and used again after a restart', async () => {
    const { double, httpPort } = await startDouble(90 * DAY_MS);
    const acme = { directoryUrl: double.directoryUrl, httpPort };
    const keeper = await open(acme);
    const port = await startHttps(keeper);
    const serial = await poll('the first certificate', () => serialSeen(port, double.root));
    expect(readdirSync(join(folder, 'acme')).toSorted()).toEqual([
      'account.key.pem',
      `${DOMAIN}.cert.pem`,
      `${DOMAIN}.key.pem`,
    ]);
    for (const name of readdirSync(join(folder, 'acme')))
      expect(statSync(join(folder, 'acme', name)).mode & 0o077).toBe(0);
    await keeper.stop();
    const again = await open(acme);
    expect(await serialSeen(await startHttps(again), double.root)).toBe(serial);
    expect(double.issued()).toBe(1);
  });

  test('are renewed in time with the same account, without closing the server', async () => {
    const { double, httpPort } = await startDouble(90 * DAY_MS);
    const port = await startHttps(await open({ directoryUrl: double.directoryUrl, httpPort }));
    const first = await poll('the first certificate', () => serialSeen(port, double.root));
    clock.advance(59 * DAY_MS);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(double.issued()).toBe(1);
    clock.advance(2 * DAY_MS);
    await poll('the second certificate', async () => (await serialSeen(port, double.root)) !== first);
    expect(double.issued()).toBe(2);
    expect(double.accounts()).toBe(1);
  });

  test('are asked for again when the authority is out of order, and the old one stays meanwhile', async () => {
    const { double, httpPort } = await startDouble(90 * DAY_MS);
    const port = await startHttps(await open({ directoryUrl: double.directoryUrl, httpPort }));
    const first = await poll('the first certificate', () => serialSeen(port, double.root));
    double.setOutOfOrder(true);
    clock.advance(61 * DAY_MS);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await serialSeen(port, double.root)).toBe(first);
    double.setOutOfOrder(false);
    await letTimePass(3_600_000, () => double.issued() === 2);
  }, 120_000);

  test('leave the server without one while there is none, and tell others than the authority to use HTTPS', async () => {
    const { double, httpPort } = await startDouble(90 * DAY_MS);
    double.setOutOfOrder(true);
    const keeper = await open({ directoryUrl: double.directoryUrl, httpPort });
    expect(keeper.current()).toEqual({});
    expect(await serialSeen(await startHttps(keeper), double.root)).toBeNull();
    const http = `http://127.0.0.1:${httpPort}`;
    const moved = await fetch(`${http}/beacon/catcher?a=1`, { redirect: 'manual' });
    expect(moved.status).toBe(308);
    expect(moved.headers.get('location')).toBe(`https://${DOMAIN}:8443/beacon/catcher?a=1`);
    expect((await fetch(`${http}/.well-known/acme-challenge/none`, { redirect: 'manual' })).status).toBe(404);
  });

  test('are not asked for a name that is none, nor without the port for challenges', async () => {
    for (const domain of ['', 'https://rum.example.com', 'a b', '../../etc', 'x'.repeat(300)])
      await expect(open({ domain })).rejects.toMatchObject({ code: 'TLS_DOMAIN_INVALID' });
    const taken = createTcpServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, resolve);
    });
    const { port } = taken.address() as AddressInfo;
    await expect(open({ httpPort: port, directoryUrl: 'http://127.0.0.1:9' })).rejects.toMatchObject({
      code: 'TLS_CHALLENGE_PORT',
    });
    taken.close();
  });
});

describe('certificates in files', () => {
  /** Two certificates of one root, as PEM texts. */
  const issueTwo = async (): Promise<{ readonly root: string; readonly pairs: [string, string][] }> => {
    const { double, httpPort } = await startDouble(90 * DAY_MS);
    const keeper = await open({ directoryUrl: double.directoryUrl, httpPort });
    const pairs: [string, string][] = [];
    for (const days of [0, 61]) {
      clock.advance(days * DAY_MS);
      await poll('a certificate', () => {
        const { cert = '', key = '' } = keeper.current();
        if (cert === '' || cert === pairs[0]?.[0]) return false;
        pairs.push([cert, key]);
        return true;
      });
    }
    return { root: double.root, pairs };
  };

  test('are served, replaced when the files change, and kept when the new files are no good', async () => {
    const { root, pairs } = await issueTwo();
    const [one, two] = pairs as [[string, string], [string, string]];
    const certFile = join(folder, 'cert.pem');
    const keyFile = join(folder, 'key.pem');
    const put = (cert: string, key: string): void => {
      writeFileSync(certFile, cert);
      writeFileSync(keyFile, key);
    };
    put(...one);
    const port = await startHttps(await open({ mode: 'file', certFile, keyFile }));
    const first = await serialSeen(port, root);
    expect(first).not.toBeNull();
    for (const [cert, key] of [
      [two[0], one[1]],
      ['', ''],
      ['nonsense', two[1]],
    ] as const) {
      put(cert, key);
      clock.advance(10_000);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await serialSeen(port, root)).toBe(first);
    }
    put(...two);
    await letTimePass(10_000, async () => (await serialSeen(port, root)) !== first);
  });

  test('that are missing or do not fit are an error that says what to do', async () => {
    const certFile = join(folder, 'cert.pem');
    await expect(open({ mode: 'file', certFile, keyFile: certFile })).rejects.toMatchObject({
      code: 'TLS_FILES_MISSING',
    });
    writeFileSync(certFile, 'nonsense');
    await expect(open({ mode: 'file', certFile, keyFile: certFile })).rejects.toMatchObject({
      code: 'TLS_CERTIFICATE_INVALID',
    });
  });

  test('are not looked for when TLS is off', async () => {
    const parts = { folder, httpsPort: 0, clock, log: silentLog };
    expect(await openCertificates(options({ mode: 'off' }), parts)).toBeNull();
  });
});
