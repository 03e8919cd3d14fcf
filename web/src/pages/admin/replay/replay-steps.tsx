import { useEffect, useState } from 'preact/hooks';
import type { ReplayJob, ReplayRequest } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Button, ButtonLink } from '../../../parts/button.tsx';
import { DialogActions } from '../../../parts/dialog.tsx';
import { Message } from '../../../parts/message.tsx';
import { formatCount } from '../../../parts/numbers.ts';
import { useApp } from '../../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';
import { useRequest } from '../../../state/use-request.ts';
import { ActionError } from '../parts/action-error.tsx';
import { useAction } from '../parts/use-action.ts';
import { useHome } from '../parts/use-home.ts';
import { usePolled } from '../parts/use-polled.ts';
import { ReplayProgressBar, ReplayResultText } from './replay-result.tsx';

/** A replay in steps: what it would do is counted first, then it is done, with its progress, and the chart is one click away. */
export const ReplaySteps = ({
  request,
  organization,
  onClose,
}: {
  readonly request: ReplayRequest;
  readonly organization: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) => {
  const action = useAction();
  const state = useApp().session.state.value;
  const isReachable =
    state.kind === 'signed-in' && state.organizations.some(({ id }) => id === organization.id);
  const [counting, setCounting] = useState<ReplayJob | null>(null);
  const [running, setRunning] = useState<ReplayJob | null>(null);
  const counted = useJob(counting);
  const job = useJob(running);
  const begin = async (dryRun: boolean): Promise<void> => {
    const started = await action.send<ReplayJob>('POST', '/operations/replays', { ...request, dryRun });
    if (started !== undefined) (dryRun ? setCounting : setRunning)(started);
  };
  useEffect(() => {
    void begin(true);
  }, []);

  const stop = async (id: string): Promise<void> => {
    await action.send('DELETE', `/operations/replays/${encodeURIComponent(id)}`, undefined);
  };
  const toInsert = counted?.result?.tenants.reduce((sum, { inserted }) => sum + inserted, 0) ?? 0;

  return (
    <>
      <ActionError error={action.error} />
      {action.error !== undefined && counting === null && (
        <DialogActions>
          <Button onClick={() => void begin(true)}>Count again</Button>
        </DialogActions>
      )}
      {counted !== null && job === null && (
        <>
          <p>First it is counted what a replay would do. Nothing is changed yet.</p>
          <ReplayProgressBar job={counted} />
          <ReplayResultText job={counted} />
          {counted.state !== 'running' && (
            <DialogActions>
              <Button onClick={onClose}>{toInsert === 0 ? 'Close' : 'Not now'}</Button>
              {toInsert > 0 && (
                <Button kind="primary" isBusy={action.isBusy} onClick={() => void begin(false)}>
                  Replay {formatCount(toInsert)} {toInsert === 1 ? 'beacon' : 'beacons'}
                </Button>
              )}
            </DialogActions>
          )}
        </>
      )}
      {job !== null && (
        <>
          <ReplayProgressBar job={job} />
          <ReplayResultText job={job} />
          {job.state === 'done' && <WhoSees organization={organization} isReachable={isReachable} />}
          <DialogActions>
            {job.state === 'running' ? (
              <Button onClick={() => void stop(job.id)}>Stop</Button>
            ) : (
              <>
                <Button onClick={onClose}>Close</Button>
                {job.state === 'done' && isReachable && <ChartLink organization={organization.id} />}
              </>
            )}
          </DialogActions>
        </>
      )}
    </>
  );
};

/** The job as it is now, looked at again while it runs. */
const useJob = (started: ReplayJob | null): ReplayJob | null => {
  const home = useHome()?.id;
  const asked = useRequest(started === null ? null : operations.replay(home, started.id));
  const job = asked.data ?? started;
  usePolled(asked, started !== null && job?.state === 'running', 700);
  return job;
};

const WhoSees = ({
  organization,
  isReachable,
}: {
  readonly organization: { readonly name: string };
  readonly isReachable: boolean;
}) =>
  isReachable ? null : (
    <Message title="The rows are there">
      Their charts are for people of {organization.name}, and for organizations that a relation lets act for
      it.
    </Message>
  );

const ChartLink = ({ organization }: { readonly organization: string }) => (
  <ButtonLink
    kind="primary"
    href={formatAddress({
      org: organization,
      site: null,
      scope: 'site',
      page: 'overview',
      rest: [],
      view: DEFAULT_VIEW,
      extra: {},
    })}
  >
    Look at the chart
  </ButtonLink>
);
