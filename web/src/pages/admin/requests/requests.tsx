import type { PageProps } from '../../../route.ts';
import { RequestList } from './request-list.tsx';
import { RequestTrace } from './request-trace.tsx';

/** Recent requests, or the trace of one. */
export const Requests = ({ rest }: PageProps) =>
  rest[0] === undefined ? <RequestList /> : <RequestTrace id={rest.join('/')} />;
