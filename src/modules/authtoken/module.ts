import { z } from 'zod';
import {
  type Authorise,
  type Handler,
  json,
  type Module,
  type ModuleRequest,
  type ModuleResponse,
  text,
} from '#gateway/contract';
import { readRecord } from '../records/index.ts';
import { authtokenDescriptor } from './descriptor.ts';
import type { Sessions, SessionUser, TokenMint, TokenPair } from './session.ts';

const name = z.string().min(1).max(255);
const payloadSchema = z.looseObject({
  payload: z
    .looseObject({ sub: name, user_id: name.default(''), dummy: z.boolean().optional() })
    .refine(({ user_id, dummy }) => dummy === true || user_id !== '', {
      path: ['user_id'],
      message: 'expected the id of a user',
    }),
});
const subjectSchema = z.looseObject({ sub: name, userId: name });
const refreshSchema = z.looseObject({ refreshToken: z.string().min(1).max(8_192) });

/** A token without a user that holds what its maker writes into it. Modules get tokens of their own here, so nobody needs one. */
const NO_DUMMIES = text(400, 'Dummy tokens are not made here: a call without a user needs no token');

/** The authtoken module: the auth filter of every request, and the places where tokens are made and renewed. */
export const createAuthtokenModule = (authorise: Authorise, sessions: Sessions, mint: TokenMint): Module => {
  const refresh =
    (answer: (pair: TokenPair) => unknown): Handler =>
    async (request) => {
      const read = await readRecord(request, refreshSchema);
      if ('refusal' in read) return read.refusal;
      const pair = await sessions.refresh(request.tenant, read.record.refreshToken);
      return pair === null ? text(401, 'Invalid token') : json(201, answer(pair));
    };
  /** Whom a token is to be made for. */
  const readPayload = async (
    request: ModuleRequest,
  ): Promise<{ readonly refusal: ModuleResponse } | { readonly whose: SessionUser }> => {
    const read = await readRecord(request, payloadSchema);
    if ('refusal' in read) return read;
    const { sub, user_id: userId, dummy } = read.record.payload;
    if (dummy === true) return { refusal: NO_DUMMIES };
    return { whose: { tenant: request.tenant, userId, subject: sub } };
  };
  /** Whoever has a refresh token may end its session. */
  const invalidate = async (request: ModuleRequest): Promise<ModuleResponse> => {
    const read = await readRecord(request, refreshSchema);
    if ('refusal' in read) return read.refusal;
    const found = await sessions.sessionOf(request.tenant, read.record.refreshToken);
    if (found === null) return text(401, 'Invalid token');
    await sessions.endOne(request.tenant, found.userId, found.sessionId);
    return { status: 204 };
  };
  const invalidateAll = async (request: ModuleRequest): Promise<ModuleResponse> => {
    if (request.userId === null) return text(401, 'Invalid token');
    await sessions.end(request.originTenant, request.userId);
    return { status: 204 };
  };

  return {
    descriptor: authtokenDescriptor,
    authorise,
    handlers: {
      'POST /token': async (request) => {
        const read = await readPayload(request);
        if ('refusal' in read) return read.refusal;
        const { token } = mint.mintAccess(read.whose);
        return json(201, { token }, { 'x-okapi-token': token });
      },
      'POST /refreshtoken': async (request) => {
        const read = await readRecord(request, subjectSchema);
        if ('refusal' in read) return read.refusal;
        const { sub, userId } = read.record;
        const { refreshToken } = await sessions.open({ tenant: request.tenant, userId, subject: sub });
        return json(201, { refreshToken });
      },
      'POST /refresh': refresh(({ accessToken }) => ({ token: accessToken })),
      'POST /token/sign': async (request) => {
        const read = await readPayload(request);
        return 'refusal' in read ? read.refusal : json(201, pairAnswer(await sessions.open(read.whose)));
      },
      'POST /token/refresh': refresh(pairAnswer),
      'POST /token/invalidate': invalidate,
      'POST /token/invalidate-all': invalidateAll,
    },
  };
};

/** A pair as `authtoken2` gives it. */
export const pairAnswer = (pair: TokenPair) => ({
  accessToken: pair.accessToken,
  accessTokenExpiration: new Date(pair.accessTokenExpiration).toISOString(),
  refreshToken: pair.refreshToken,
  refreshTokenExpiration: new Date(pair.refreshTokenExpiration).toISOString(),
  tenantId: pair.tenant,
});
