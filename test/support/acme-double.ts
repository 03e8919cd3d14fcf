import { createHash, createPublicKey, randomBytes, verify, webcrypto } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';

/**
 * A stand-in for a certificate authority (RFC 8555), because the real one needs a public name and address. It checks nonces and
 * signatures, really asks for the challenge (at `challengePort` of this machine instead of port 80 of the name), and issues
 * certificates of a root of its own for `validMs`. It knows one way through an order: no revocation, no other challenges.
 */
export interface AcmeDouble {
  readonly directoryUrl: string;
  /** PEM of its root. */
  readonly root: string;
  readonly issued: () => number;
  readonly accounts: () => number;
  /** From now on orders are answered 503, or again as they should be. */
  setOutOfOrder(outOfOrder: boolean): void;
  stop(): Promise<void>;
}

type JsonWebKey = webcrypto.JsonWebKey;
type X509 = typeof import('@peculiar/x509');

interface Jws {
  readonly header: {
    readonly nonce: string;
    readonly url: string;
    readonly jwk?: JsonWebKey;
    readonly kid?: string;
  };
  readonly payload: Readonly<Record<string, unknown>>;
}

interface Order {
  readonly id: string;
  readonly domain: string;
  readonly token: string;
  readonly thumbprint: string;
  status: 'pending' | 'ready' | 'valid' | 'invalid';
  pem: string;
}

/** Starts it. */
export const startAcmeDouble = async (challengePort: number, validMs: number): Promise<AcmeDouble> => {
  const require = createRequire(createRequire(import.meta.url).resolve('acme-client'));
  const x509 = require('@peculiar/x509') as X509;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const rootKeys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'CN=ACME double',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + validMs * 10),
    signingAlgorithm: algorithm,
    keys: rootKeys,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });

  const nonces = new Set<string>();
  const keys = new Map<string, JsonWebKey>();
  const orders = new Map<string, Order>();
  let issued = 0;
  let outOfOrder = false;

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      reply(response, 400, { type: 'urn:ietf:params:acme:error:malformed', detail: String(error) });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const reply = (
    response: ServerResponse,
    status: number,
    body: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): void => {
    const nonce = randomBytes(16).toString('base64url');
    nonces.add(nonce);
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const type = typeof body === 'string' ? 'application/pem-certificate-chain' : 'application/json';
    response.writeHead(status, { 'replay-nonce': nonce, 'content-type': type, ...headers }).end(text);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url ?? '/';
    if (path === '/directory')
      return reply(response, 200, {
        newNonce: `${base}/nonce`,
        newAccount: `${base}/account`,
        newOrder: `${base}/order`,
        revokeCert: `${base}/revoke`,
        keyChange: `${base}/key`,
      });
    if (path === '/nonce') return reply(response, request.method === 'HEAD' ? 200 : 204, '');
    const jws = await readJws(request, path);
    if (path === '/account') return answerAccount(response, jws);
    // A known account is brought up to date by its own address.
    if (keys.has(base + path)) return reply(response, 200, { status: 'valid' });
    if (outOfOrder) return reply(response, 503, { type: 'urn:ietf:params:acme:error:serverInternal' });
    if (path === '/order') return answerNewOrder(response, jws);
    const [, kind = '', id = ''] = path.split('/');
    const order = orders.get(id);
    if (order === undefined) throw new Error(`no order ${id}`);
    if (kind === 'authorization') return reply(response, 200, authorizationOf(order));
    if (kind === 'challenge') return answerChallenge(response, order);
    if (kind === 'finalize') return answerFinalize(response, order, jws);
    if (kind === 'orders') return reply(response, 200, orderView(order));
    if (kind === 'certificate') return reply(response, 200, order.pem);
    throw new Error(`nothing at ${path}`);
  };

  const readJws = async (request: IncomingMessage, path: string): Promise<Jws> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const raw = JSON.parse(Buffer.concat(chunks).toString()) as Record<
      'protected' | 'payload' | 'signature',
      string
    >;
    const header = JSON.parse(Buffer.from(raw.protected, 'base64url').toString()) as Jws['header'];
    if (!nonces.delete(header.nonce)) throw new Error('bad nonce');
    if (header.url !== base + path) throw new Error('signed for another address');
    const jwk = header.jwk ?? keys.get(header.kid ?? '');
    if (jwk === undefined) throw new Error('unknown account');
    const isGenuine = verify(
      'sha256',
      Buffer.from(`${raw.protected}.${raw.payload}`),
      { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(raw.signature, 'base64url'),
    );
    if (!isGenuine) throw new Error('bad signature');
    const payload = Buffer.from(raw.payload, 'base64url').toString();
    return {
      header: { ...header, jwk },
      payload: payload === '' ? {} : (JSON.parse(payload) as Record<string, unknown>),
    };
  };

  const answerAccount = (response: ServerResponse, { header }: Jws): void => {
    if (header.jwk === undefined) throw new Error('an account is asked for with its key');
    const url = `${base}/account/${thumbprintOf(header.jwk)}`;
    const status = keys.has(url) ? 200 : 201;
    keys.set(url, header.jwk);
    reply(response, status, { status: 'valid' }, { location: url });
  };

  const answerNewOrder = (response: ServerResponse, { header, payload }: Jws): void => {
    const identifiers = payload['identifiers'] as readonly { readonly value: string }[];
    const order: Order = {
      id: randomBytes(8).toString('hex'),
      domain: identifiers[0]?.value ?? '',
      token: randomBytes(16).toString('base64url'),
      thumbprint: thumbprintOf(header.jwk ?? {}),
      status: 'pending',
      pem: '',
    };
    orders.set(order.id, order);
    reply(response, 201, orderView(order), { location: `${base}/orders/${order.id}` });
  };

  const answerChallenge = async (response: ServerResponse, order: Order): Promise<void> => {
    const url = `http://127.0.0.1:${challengePort}/.well-known/acme-challenge/${order.token}`;
    const found = await fetch(url, { headers: { host: order.domain } });
    const isRight = (await found.text()).trim() === `${order.token}.${order.thumbprint}`;
    order.status = isRight ? 'ready' : 'invalid';
    reply(response, 200, challengeOf(order));
  };

  const answerFinalize = async (response: ServerResponse, order: Order, { payload }: Jws): Promise<void> => {
    if (order.status !== 'ready') throw new Error('the order is not ready');
    const request = new x509.Pkcs10CertificateRequest(Buffer.from(String(payload['csr']), 'base64url'));
    if (!(await request.verify())) throw new Error('the request is not signed by its key');
    issued += 1;
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: String(issued + 10),
      subject: `CN=${order.domain}`,
      issuer: root.subject,
      notBefore: new Date(Date.now() - 1_000),
      notAfter: new Date(Date.now() + validMs),
      signingAlgorithm: algorithm,
      publicKey: request.publicKey,
      signingKey: rootKeys.privateKey,
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: order.domain }])],
    });
    order.pem = `${certificate.toString('pem')}\n${root.toString('pem')}\n`;
    order.status = 'valid';
    reply(response, 200, orderView(order));
  };

  const orderView = (order: Order) => ({
    status: order.status,
    identifiers: [{ type: 'dns', value: order.domain }],
    authorizations: [`${base}/authorization/${order.id}`],
    finalize: `${base}/finalize/${order.id}`,
    ...(order.status === 'valid' ? { certificate: `${base}/certificate/${order.id}` } : {}),
  });
  const challengeOf = (order: Order) => ({
    type: 'http-01',
    url: `${base}/challenge/${order.id}`,
    token: order.token,
    status: order.status === 'ready' || order.status === 'valid' ? 'valid' : order.status,
  });
  const authorizationOf = (order: Order) => ({
    status: challengeOf(order).status,
    identifier: { type: 'dns', value: order.domain },
    challenges: [challengeOf(order)],
  });

  return {
    directoryUrl: `${base}/directory`,
    root: root.toString('pem'),
    issued: () => issued,
    accounts: () => keys.size,
    setOutOfOrder: (next) => {
      outOfOrder = next;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
};

/** RFC 7638. */
const thumbprintOf = ({ crv, kty, x, y }: JsonWebKey): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x, y })).digest('base64url');
