import { useState } from 'preact/hooks';
import { ApiError } from '../../../api/errors.ts';
import { useApp } from '../../../state/app-state.ts';
import { useHome } from './use-home.ts';

/** Something that is sent, with what came of it, for forms and buttons. */
export interface Action {
  readonly isBusy: boolean;
  readonly error: ApiError | undefined;
  /** What is wrong with a field of the form. */
  fault(field: string): string | undefined;
  /** Sends; resolves to the answer, undefined when it was refused (`error` says why). `done` is said aloud. */
  send<Answer>(method: string, path: string, body?: unknown, done?: string): Promise<Answer | undefined>;
  forget(): void;
}

/** An action of the page, at the home organization. */
export const useAction = (): Action => {
  const { client, toasts } = useApp();
  const home = useHome()?.id;
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  return {
    isBusy,
    error,
    fault: (field) => faultOf(error, field),
    forget: () => setError(undefined),
    send: async <Answer>(method: string, path: string, body?: unknown, done?: string) => {
      setBusy(true);
      setError(undefined);
      try {
        const answer = await client.send<Answer>(method, path, body, { tenant: home });
        if (done !== undefined) toasts.say(done);
        return answer;
      } catch (failure) {
        if (!(failure instanceof ApiError)) throw failure;
        setError(failure);
        return undefined;
      } finally {
        setBusy(false);
      }
    },
  };
};

/** `hostnames.1` is a fault of the field `hostnames`. */
const faultOf = (error: ApiError | undefined, field: string): string | undefined => {
  for (const [key, message] of error?.fields ?? [])
    if (key === field || key.startsWith(`${field}.`)) return message;
  return undefined;
};
