import { z } from 'zod';
import type { Clock } from '#core';
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
import type { Sessions, TokenPair } from '../authtoken/sessions.ts';
import { readRecord, type Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import { createAttempts } from './attempts.ts';
import { noCookies, refreshTokenOf, sessionCookies } from './cookies.ts';
import { openCredentials } from './credentials.ts';
import { loginDescriptor } from './descriptor.ts';

/** What login needs: the users, their sessions, the control database for passwords. */
export interface LoginDeps {
  readonly database: Database;
  readonly users: Records<User>;
  readonly sessions: Sessions;
  readonly clock: Clock;
}

const secret = z.string().min(1).max(1_000);
const name = z.string().min(1).max(255);
const loginSchema = z.looseObject({ username: name, password: secret });
const updateSchema = z.looseObject({
  username: name,
  password: secret,
  newPassword: z.string().min(8).max(1_000),
});
const credentialsSchema = z.looseObject({ userId: name, password: z.string().min(8).max(1_000) });

/** One answer for an unknown user, a wrong password and an inactive user: nobody learns which user names exist. */
const WRONG = 'Username or password is wrong';

/** The login module: passwords in, sessions out. */
export const createLoginModule = ({ database, users, sessions, clock }: LoginDeps): Module => {
  const credentials = openCredentials(database, clock);
  const attempts = createAttempts(clock);

  const check = async (
    request: ModuleRequest,
    username: string,
    password: string,
  ): Promise<User | ModuleResponse> => {
    const key = [request.tenant, username, request.headers['x-okapi-request-ip'] ?? ''].join('\n');
    const wait = attempts.waitSeconds(key);
    if (wait > 0) {
      return {
        ...text(429, 'Too many failed logins, try again later'),
        headers: { 'retry-after': String(wait), 'content-type': 'text/plain' },
      };
    }
    const user = await users.findBy(request.tenant, 'username', username);
    const isRight = await credentials.check(request.tenant, user?.id, password);
    if (user !== undefined && isRight && user.active) {
      attempts.succeeded(key);
      return user;
    }
    attempts.failed(key);
    return text(422, WRONG);
  };
  const login =
    (answer: (pair: TokenPair) => ModuleResponse): Handler =>
    async (request) => {
      const read = await readRecord(request, loginSchema);
      if ('refusal' in read) return read.refusal;
      const user = await check(request, read.record.username, read.record.password);
      if ('status' in user) return user;
      return answer(await sessions.open({ tenant: request.tenant, userId: user.id, subject: user.username }));
    };
  const withCookies = (pair: TokenPair): ModuleResponse => {
    const { accessTokenExpiration, refreshTokenExpiration, tenantId } = pairAnswer(pair);
    const response = json(201, { accessTokenExpiration, refreshTokenExpiration, tenantId });
    return { ...response, headers: { ...response.headers, 'set-cookie': sessionCookies(pair, clock.now()) } };
  };
  const logout: Handler = async ({ originTenant, userId }) => {
    if (userId !== null) await sessions.end(originTenant, userId);
    return { status: 204, headers: { 'set-cookie': noCookies() } };
  };

  return {
    descriptor: loginDescriptor,
    handlers: {
      'POST /authn/login': login((pair) =>
        json(201, pairAnswer(pair), { 'x-okapi-token': pair.accessToken }),
      ),
      'POST /authn/login-with-expiry': login(withCookies),
      'POST /authn/refresh': async (request) => {
        const token = refreshTokenOf(request.headers['cookie']);
        const pair = token === undefined ? null : await sessions.refresh(request.tenant, token);
        return pair === null ? text(401, 'Invalid token') : withCookies(pair);
      },
      'POST /authn/logout': logout,
      'POST /authn/logout-all': logout,
      'POST /authn/update': async (request) => {
        const read = await readRecord(request, updateSchema);
        if ('refusal' in read) return read.refusal;
        const user = await check(request, read.record.username, read.record.password);
        if ('status' in user) return user;
        await credentials.set(request.tenant, user.id, read.record.newPassword);
        await sessions.end(request.tenant, user.id);
        return { status: 204 };
      },
      'POST /authn/credentials': async (request) => {
        const read = await readRecord(request, credentialsSchema);
        if ('refusal' in read) return read.refusal;
        const user = await users.find(request.tenant, read.record.userId);
        if (user === undefined) return text(404, 'There is no such user');
        await credentials.set(request.tenant, user.id, read.record.password);
        await sessions.end(request.tenant, user.id);
        return { status: 201 };
      },
      'DELETE /authn/credentials': async ({ tenant, query }) => {
        const userId = query.get('userId') ?? '';
        const existed = await credentials.remove(tenant, userId);
        await sessions.end(tenant, userId);
        return existed ? { status: 204 } : text(404, 'There are no such credentials');
      },
    },
  };
};
