/** Longest request id that is accepted from outside and made longer. */
export const maxRequestIdLength = 512;

/**
 * The id of a request: six random digits and the first segment of its path, appended to the id that it came with
 * (`003417/users;120934/perms`). An id of another charset, or a too long one, is left behind: a new one begins.
 */
export const extendRequestId = (incoming: string | null, path: string): string => {
  const part = `${sixDigits()}${firstSegment(path)}`;
  return incoming === null || incoming === '' || !isRequestId(incoming) ? part : `${incoming};${part}`;
};

/** The id of the first request of a chain. */
export const isRequestId = (id: string): boolean =>
  id.length <= maxRequestIdLength && /^[A-Za-z0-9._/;-]+$/.test(id);

const sixDigits = (): string => String(Math.floor(Math.random() * 1_000_000)).padStart(6, '0');

const firstSegment = (path: string): string => {
  const start = path.startsWith('/_/') ? 2 : 0;
  const end = path.indexOf('/', start + 1);
  const segment = path.slice(
    start,
    end === -1 ? Math.min(path.length, start + 41) : Math.min(end, start + 41),
  );
  return /^[A-Za-z0-9._/-]*$/.test(segment) ? segment : '';
};
