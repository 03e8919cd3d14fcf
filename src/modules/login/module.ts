import { z } from 'zod';
import { type Clock, errorCode } from '#core';
import type { Database } from '#database';
import {
  type Handler,
  json,
  type Module,
  type ModuleRequest,
  type ModuleResponse,
  text,
} from '#gateway/contract';
import { pairAnswer } from '../authtoken/module.ts';
import type { Sessions, TokenPair } from '../authtoken/session.ts';
import type { PermissionDirectory } from '../permissions/directory.ts';
import { refusedTakeover } from '../permissions/granting.ts';
import { readRecord, type Records, unprocessable } from '../records/index.ts';
import type { Snapshot } from '#tenants';
import { openAffiliations } from '../users/affiliations.ts';
import { isServiceAccount, isUsable, type User } from '../users/directory.ts';
import { createAttempts, networkOf, tooMany } from './attempts.ts';
import { createHomeTenant, type NamedUser } from './home-tenant.ts';
import { noCookies, refreshTokenOf, sessionCookies } from './cookies.ts';
import { openCredentials } from './credentials.ts';
import { loginDescriptor } from './descriptor.ts';

/** What login needs: the users, their sessions, the control database for passwords. */
export interface LoginDeps {
  readonly database: Database;
  readonly users: Records<User>;
  readonly sessions: Sessions;
  readonly permissions: PermissionDirectory;
  /** The users map in force. */
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
}

const secret = z.string().min(1).max(1_000);
const name = z.string().min(1).max(255);
const loginSchema = z.looseObject({
  username: name.optional(),
  userId: name.optional(),
  password: secret.optional(),
  tenant: name.optional(),
});
const updateSchema = z.looseObject({
  username: name,
  password: secret,
  newPassword: z.string().min(8).max(1_000),
});
const credentialsSchema = z.looseObject({ userId: name, password: z.string().min(8).max(1_000) });

/** A form of another site can send a login, but not one that says that it is JSON; otherwise it could sign a visitor in as somebody else. */
const NOT_JSON = text(415, 'Send the content type application/json');

/** Failures within a quarter of an hour, whatever the names. */
const MOST_FAILURES_OF_ADDRESS = 50;

/** One answer for an unknown user, a wrong password and an inactive user, with the code of FOLIO's wrong password: nobody learns which user names exist. */
const wrong = ({ username, userId }: NamedUser): ModuleResponse =>
  unprocessable({
    message: 'Username or password is wrong',
    code: 'password.incorrect',
    parameters: [
      username === undefined ? { key: 'userId', value: userId ?? '' } : { key: 'username', value: username },
    ],
  });

const BUSY: ModuleResponse = {
  ...text(429, 'Too many people sign in at this moment, try again'),
  headers: { 'retry-after': '5', 'content-type': 'text/plain' },
};

const busyOrThrow = (error: unknown): null => {
  if (errorCode(error) === 'LOGIN_BUSY') return null;
  throw error;
};

/** The login module: passwords in, sessions out. */
export const createLoginModule = ({
  database,
  users,
  sessions,
  permissions,
  snapshot,
  clock,
}: LoginDeps): Module => {
  const credentials = openCredentials(database, clock);
  const attempts = createAttempts(clock);
  // Whoever tries one password on many names, made-up ones too. Much more than a name has, because offices share an address.
  const ofAddress = createAttempts(clock, MOST_FAILURES_OF_ADDRESS);
  const homeOf = createHomeTenant({ affiliations: openAffiliations(database), snapshot, clock });

  /** By his id, his name, or both when both are given. */
  const find = async (tenant: string, { username, userId }: NamedUser): Promise<User | undefined> => {
    if (userId === undefined) return users.findBy(tenant, 'username', username ?? '');
    const user = await users.find(tenant, userId);
    return username === undefined || user?.username === username ? user : undefined;
  };
  const check = async (
    request: ModuleRequest,
    tenant: string,
    named: NamedUser,
    password: string,
  ): Promise<User | ModuleResponse> => {
    const address = networkOf(request.headers);
    const early = tooMany(ofAddress, address, 'logins');
    if (early !== null) return early;
    const user = await find(tenant, named);
    const name = user?.username ?? named.username ?? named.userId ?? '';
    const key = [tenant, name, address].join('\n');
    let refusal = tooMany(attempts, key, 'logins');
    if (refusal !== null) return refusal;
    // Asked again when its turn comes: others that came at the same time may have failed by then.
    const isWanted = (): boolean => {
      refusal = tooMany(ofAddress, address, 'logins') ?? tooMany(attempts, key, 'logins');
      return refusal === null;
    };
    const isRight = await credentials.check(tenant, user?.id, password, isWanted).catch(busyOrThrow);
    if (isRight === null) return BUSY;
    if (refusal !== null) return refusal;
    if (user !== undefined && isRight && isUsable(user, clock.now())) {
      attempts.succeeded(key);
      return user;
    }
    attempts.failed(key);
    ofAddress.failed(address);
    return wrong(named);
  };
  const login =
    (answer: (pair: TokenPair, request: ModuleRequest) => ModuleResponse): Handler =>
    async (request) => {
      const read = await readRecord(request, loginSchema);
      if ('refusal' in read) return read.refusal;
      const { username, userId, password } = read.record;
      if (username === undefined && userId === undefined)
        return text(400, 'You must provide a username or userId');
      if (password === undefined) return text(400, 'You must provide a password');
      const tenant = await homeOf(request.tenant, read.record);
      const user = await check(request, tenant, read.record, password);
      if ('status' in user) return user;
      const whose = { tenant, userId: user.id, subject: user.username };
      return answer(await sessions.open(whose, request.headers['user-agent']), request);
    };
  const withCookies = (pair: TokenPair, { headers }: ModuleRequest): ModuleResponse => {
    const { accessTokenExpiration, refreshTokenExpiration, tenantId } = pairAnswer(pair);
    const response = json(201, { accessTokenExpiration, refreshTokenExpiration, tenantId });
    const cookies = sessionCookies(pair, clock.now(), headers);
    return { ...response, headers: { ...response.headers, 'set-cookie': cookies } };
  };
  /** The session of the access token, or of the refresh token when the other is over. */
  const endThis = async ({ tenant, originTenant, userId, sessionId, headers }: ModuleRequest) => {
    if (userId !== null && typeof sessionId === 'string')
      await sessions.endOne(originTenant, userId, sessionId);
    const refreshToken = refreshTokenOf(headers['cookie']);
    const found = refreshToken === undefined ? null : await sessions.sessionOf(tenant, refreshToken);
    if (found !== null) await sessions.endOne(tenant, found.userId, found.sessionId);
  };
  const signedOut = ({ headers }: ModuleRequest): ModuleResponse => ({
    status: 204,
    headers: { 'set-cookie': noCookies(headers) },
  });

  return {
    descriptor: loginDescriptor,
    handlers: {
      'POST /authn/login': login((pair) =>
        json(201, pairAnswer(pair), { 'x-okapi-token': pair.accessToken }),
      ),
      'POST /authn/login-with-expiry': (request) =>
        isJson(request) ? login(withCookies)(request) : NOT_JSON,
      'POST /authn/refresh': async (request) => {
        const token = refreshTokenOf(request.headers['cookie']);
        const pair = token === undefined ? null : await sessions.refresh(request.tenant, token);
        if (pair === null) return text(401, 'Invalid token');
        const user = await users.find(request.tenant, pair.userId);
        if (user !== undefined && isUsable(user, clock.now())) return withCookies(pair, request);
        await sessions.end(request.tenant, pair.userId);
        return text(401, 'Invalid token');
      },
      'POST /authn/logout': async (request) => {
        await endThis(request);
        return signedOut(request);
      },
      'POST /authn/logout-all': async (request) => {
        if (request.userId !== null) await sessions.end(request.originTenant, request.userId);
        return signedOut(request);
      },
      'POST /authn/update': async (request) => {
        const read = await readRecord(request, updateSchema);
        if ('refusal' in read) return read.refusal;
        const user = await check(request, request.tenant, read.record, read.record.password);
        if ('status' in user) return user;
        await credentials.set(request.tenant, user.id, read.record.newPassword);
        await sessions.end(request.tenant, user.id);
        return signedOut(request);
      },
      'POST /authn/credentials': async (request) => {
        const read = await readRecord(request, credentialsSchema);
        if ('refusal' in read) return read.refusal;
        const user = await users.find(request.tenant, read.record.userId);
        if (user === undefined) return text(404, 'There is no such user');
        if (isServiceAccount(user)) return text(422, 'A service account has no password');
        const refusal = await refusedTakeover(request, user.id, permissions);
        if (refusal !== null) return refusal;
        await credentials.set(request.tenant, user.id, read.record.password);
        await sessions.end(request.tenant, user.id);
        return { status: 201 };
      },
      'DELETE /authn/credentials': async (request) => {
        const { tenant, query } = request;
        const userId = query.get('userId') ?? '';
        const refusal = await refusedTakeover(request, userId, permissions);
        if (refusal !== null) return refusal;
        const existed = await credentials.remove(tenant, userId);
        await sessions.end(tenant, userId);
        return existed ? { status: 204 } : text(404, 'There are no such credentials');
      },
    },
  };
};

const isJson = ({ headers }: ModuleRequest): boolean =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() === 'application/json';
