import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { addressOf } from '../api/client.ts';
import { ApiError } from '../api/errors.ts';
import type { Request } from '../api/request.ts';
import { type AppState, siteKey, useApp } from './app-state.ts';
import type { Turn } from './turns.ts';

/** How far a request is. */
export interface Asked<Answer> {
  /** The answer; while the next one of the same kind and organization is under way the one before (`isStale`), so that a page does not go blank. */
  readonly data: Answer | undefined;
  /** Set when the request failed; `data` may still be the one before. */
  readonly error: ApiError | undefined;
  /** Nothing to show yet. */
  readonly isLoading: boolean;
  /** Under way, while `data` is of before. */
  readonly isStale: boolean;
  /** Asks again. */
  reload(): void;
}

/** Code of a report's refusal of a site that the organization does not have. */
const SITE_UNKNOWN = 'SITE_UNKNOWN';
/** Younger answers are shown without asking again. */
const FRESH_MS = 60_000;

/** Asks for something and keeps the last answer while the next is under way. null: nothing is asked for yet. `turn` never changes. */
export const useRequest = <Answer>(
  request: Request<Answer> | null,
  turn: Turn = 'in-turn',
): Asked<Answer> => {
  const app = useApp();
  const [round, setRound] = useState(0);
  const tenant = request?.tenant ?? app.router.address.value.org ?? undefined;
  const place = request === null ? '' : `${tenant ?? ''} ${request.path}`;
  const key = request === null ? '' : `${tenant ?? ''} ${addressOf(request.path, request.query)}`;
  const [result, setResult] = useState<Result<Answer>>(() => begin(app, request, { key, place, tenant }));

  // `now` changes with "refresh": the same address is asked again.
  const now = app.now.value;
  // Effects of the layout run before the paint.
  const useTurn = turn === 'first' ? useLayoutEffect : useEffect;
  useTurn(() => {
    if (request === null) return;
    const options = { tenant, query: request.query };
    const kept = app.client.kept<Answer>(request.path, options);
    if (kept !== undefined) setResult({ key, place, data: kept.answer });
    if (kept !== undefined && round === 0 && Date.now() - kept.at < FRESH_MS) return;
    const gone = new AbortController();
    const leave = app.turns.enter(turn);
    const ask = async (): Promise<void> => {
      try {
        const data = await app.client.get<Answer>(request.path, { ...options, signal: gone.signal });
        setResult({ key, place, data });
      } catch (error) {
        if (gone.signal.aborted) return;
        const failure = errorOf(error);
        // One answer for the page instead of one in each of its panels.
        if (failure.code === SITE_UNKNOWN) app.unknownSite.value = siteKey(app.router.address.value);
        setResult((before) => ({
          key,
          place,
          data: before.place === place ? before.data : undefined,
          error: failure,
        }));
      } finally {
        leave();
      }
    };
    const giveUp = app.turns.whenFree(turn, () => void ask());
    return () => {
      gone.abort();
      giveUp();
      leave();
    };
  }, [key, round, now]);

  const data = result.place === place ? result.data : undefined;
  const isGenerated = hasGenerated(data);
  useEffect(() => {
    if (!isGenerated) return;
    app.generated.value += 1;
    return () => {
      app.generated.value -= 1;
    };
  }, [isGenerated]);
  const isCurrent = result.key === key;
  const error = isCurrent ? result.error : undefined;
  return {
    data,
    error,
    isLoading: request !== null && data === undefined && error === undefined,
    isStale: data !== undefined && !isCurrent,
    reload: () => {
      if (isCurrent) setResult({ key, place, data: result.data });
      setRound((count) => count + 1);
    },
  };
};

/** Does an answer of the reports say that page views made for the demo are in it? */
const hasGenerated = (data: unknown): boolean =>
  (data as { readonly source?: { readonly hasGenerated?: boolean } } | undefined)?.source?.hasGenerated ===
  true;

interface Result<Answer> {
  /** Of which request. */
  readonly key: string;
  /** Organization and path. */
  readonly place: string;
  readonly data?: Answer | undefined;
  readonly error?: ApiError | undefined;
}

const begin = <Answer>(
  app: AppState,
  request: Request<Answer> | null,
  {
    key,
    place,
    tenant,
  }: { readonly key: string; readonly place: string; readonly tenant: string | undefined },
): Result<Answer> => {
  if (request === null) return { key, place };
  return {
    key,
    place,
    data: app.client.kept<Answer>(request.path, { tenant, query: request.query })?.answer,
  };
};

const errorOf = (error: unknown): ApiError =>
  error instanceof ApiError
    ? error
    : new ApiError({ kind: 'broken', status: 0, message: 'What came could not be read.' });
