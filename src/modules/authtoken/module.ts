import { z } from 'zod';
import { type Authorise, type Handler, json, type Module, type ModuleRequest, text } from '#gateway/contract';
import { readRecord } from '../records/index.ts';
import { authtokenDescriptor } from './descriptor.ts';
import type { Sessions, TokenMint, TokenPair } from './session.ts';

const name = z.string().min(1).max(255);
const payloadSchema = z.looseObject({ payload: z.looseObject({ sub: name, user_id: name }) });
const subjectSchema = z.looseObject({ sub: name, userId: name });
const refreshSchema = z.looseObject({ refreshToken: z.string().min(1).max(8_192) });

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
  const invalidate = async (request: ModuleRequest) => {
    if (request.userId === null) return text(401, 'Invalid token');
    await sessions.end(request.originTenant, request.userId);
    return { status: 204 };
  };

  return {
    descriptor: authtokenDescriptor,
    authorise,
    handlers: {
      'POST /token': async (request) => {
        const read = await readRecord(request, payloadSchema);
        if ('refusal' in read) return read.refusal;
        const { sub, user_id } = read.record.payload;
        const { token } = mint.mintAccess({ tenant: request.tenant, userId: user_id, subject: sub });
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
        const read = await readRecord(request, payloadSchema);
        if ('refusal' in read) return read.refusal;
        const { sub, user_id } = read.record.payload;
        return json(
          201,
          pairAnswer(await sessions.open({ tenant: request.tenant, userId: user_id, subject: sub })),
        );
      },
      'POST /token/refresh': refresh(pairAnswer),
      'POST /token/invalidate': invalidate,
      'POST /token/invalidate-all': invalidate,
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
