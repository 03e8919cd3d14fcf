import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { ApiError } from '../api/errors.ts';
import type { Exported } from '../api/request.ts';
import { Button } from '../parts/button.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Message } from '../parts/message.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import type { Asked } from '../state/use-request.ts';
import { NoViews } from './no-views.tsx';
import { LighterOffers } from './too-heavy.tsx';
import './panel.css';

export { NoViews };

/** A part of a page with a heading. */
export const Panel = ({
  title,
  note,
  actions,
  request,
  corner,
  children,
  class: extra = '',
}: {
  readonly title: string;
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
  /** What can be saved as files. */
  readonly request?: Exported | undefined;
  /** A button beside the export. Its place is kept while it is not there, so that nothing moves when it comes. */
  readonly corner?: ComponentChildren;
  readonly children: ComponentChildren;
  readonly class?: string;
}) => {
  const id = useId();
  const hasCorner = corner !== undefined;
  return (
    <section class={`panel ${extra}`} aria-labelledby={id}>
      <header
        class={`panel-head ${request === undefined ? '' : 'has-export'} ${hasCorner ? 'has-corner' : ''}`}
      >
        <div>
          <h2 id={id}>{title}</h2>
          {note !== undefined && <p class="quiet">{note}</p>}
        </div>
        {actions !== undefined && <div class="panel-actions">{actions}</div>}
        {(request !== undefined || hasCorner) && (
          <div class="panel-corner">
            {corner}
            {request !== undefined && <ExportMenu request={request} of={title} />}
          </div>
        )}
      </header>
      {children}
    </section>
  );
};

/** Shows an answer, or where it would be: a grey area while it is first awaited, what went wrong, or what to do where nothing is. An old answer stays, paler, until the new one comes. */
export const Shown = <Answer,>({
  asked,
  height,
  isEmpty,
  empty,
  children,
}: {
  readonly asked: Asked<Answer>;
  /** CSS length of what will stand here. */
  readonly height: string;
  readonly isEmpty?: (answer: Answer) => boolean;
  readonly empty?: ComponentChildren;
  readonly children: (answer: Answer) => ComponentChildren;
}) => {
  const { data, error, isStale, reload } = asked;
  if (error !== undefined) return <Failure error={error} retry={reload} />;
  if (data === undefined)
    return (
      <div role="status" aria-label="Loading">
        <Skeleton height={height} />
      </div>
    );
  if (isEmpty?.(data) === true) return <>{empty ?? <NoViews />}</>;
  return (
    <div class="shown" aria-busy={isStale}>
      {children(data)}
    </div>
  );
};

const Failure = ({ error, retry }: { readonly error: ApiError; readonly retry: () => void }) => (
  <Message
    kind="trouble"
    title={TITLES[error.kind]}
    actions={
      error.kind === 'forbidden' ? undefined : (
        <>
          {error.kind === 'too-heavy' && <LighterOffers />}
          <Button onClick={retry}>Try again</Button>
        </>
      )
    }
  >
    {error.message}
    {error.kind === 'forbidden' && ' An administrator of the organization can grant it.'}
    {error.requestId !== null && <span class="quiet"> Request {error.requestId}</span>}
  </Message>
);

const TITLES: Readonly<Record<ApiError['kind'], string>> = {
  unreachable: 'No answer',
  'too-heavy': 'This takes too much',
  'session-ended': 'The session has ended',
  forbidden: 'This may not be seen from here',
  'not-found': 'There is nothing of that name',
  refused: 'This cannot be asked',
  broken: 'Something is broken at the server',
};
