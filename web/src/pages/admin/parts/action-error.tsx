import type { ApiError } from '../../../api/errors.ts';
import { Message } from '../../../parts/message.tsx';

/** Why something was not done, where no field of the form says it. */
export const ActionError = ({
  error,
  fields = [],
}: {
  readonly error: ApiError | undefined;
  /** Fields that show their faults themselves. */
  readonly fields?: readonly string[];
}) => {
  if (error === undefined) return null;
  const isShown = [...error.fields.keys()].some((key) => fields.some((field) => key.split('.')[0] === field));
  if (isShown) return null;
  return (
    <Message kind="trouble" title={error.status === 409 ? 'Somebody was faster' : 'This was not done'}>
      {error.message}
      {error.requestId !== null && error.kind === 'broken' && (
        <span class="quiet"> Request {error.requestId}</span>
      )}
    </Message>
  );
};
