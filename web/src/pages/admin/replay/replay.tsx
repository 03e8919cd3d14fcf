import { useState } from 'preact/hooks';
import type { OrganizationsAnswer, ReplayJob, ReplayRequest } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { formatMoment } from '../../../parts/numbers.ts';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { ActionError } from '../parts/action-error.tsx';
import { useAction } from '../parts/use-action.ts';
import { useHome } from '../parts/use-home.ts';
import { usePolled } from '../parts/use-polled.ts';
import { ReplayProgressBar, ReplayResultText } from './replay-result.tsx';
import '../parts/admin.css';

/** Bringing archived beacons into the tables. */
export const Replay = () => {
  const home = useHome()?.id;
  const map = useRequest(operations.organizations(home));
  const jobs = useRequest(operations.replays(home));
  const isRunning = jobs.data?.replays.some(({ state }) => state === 'running') === true;
  usePolled(jobs, isRunning, 1_000);
  return (
    <div class="admin-page">
      <PageTitle
        title="Replay"
        note="Brings beacons of the archive into the tables of the organizations that they belong to now, with the time at which they were received. What is there already is not inserted again, so it may be done twice or stopped."
      />
      <Panel title="Begin a replay">
        <Shown asked={map} height="180px">
          {(answer) => <ReplayForm answer={answer} isRunning={isRunning} onStarted={jobs.reload} />}
        </Shown>
      </Panel>
      {map.error?.kind !== 'forbidden' && (
        <Panel
          title="Replays"
          note="Of this process; with a restart the list is forgotten, and what was done stays."
        >
          <Shown
            asked={jobs}
            height="120px"
            isEmpty={({ replays }) => replays.length === 0}
            empty={
              <EmptyState icon="replay" title="No replay yet">
                Count first what one would do: that changes nothing.
              </EmptyState>
            }
          >
            {({ replays }) => (
              <div class="admin-form">
                {replays.map((job) => (
                  <Job key={job.id} job={job} onStopped={jobs.reload} />
                ))}
              </div>
            )}
          </Shown>
        </Panel>
      )}
    </div>
  );
};

const FIELDS = ['folder', 'tenant', 'trace', 'from', 'to'];

const ReplayForm = ({
  answer,
  isRunning,
  onStarted,
}: {
  readonly answer: OrganizationsAnswer;
  readonly isRunning: boolean;
  readonly onStarted: () => void;
}) => {
  const action = useAction();
  const [folder, setFolder] = useState('unknown');
  const [tenant, setTenant] = useState('');
  const [trace, setTrace] = useState('');
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const senders = answer.organizations.filter(({ traces }) => traces.length > 0);
  const begin = async (dryRun: boolean): Promise<void> => {
    const body: ReplayRequest = {
      folder,
      dryRun,
      ...(tenant !== '' && { tenant }),
      ...(trace.trim() !== '' && { trace: trace.trim() }),
      ...(from !== '' && { from: `${from}T00:00:00Z` }),
      ...(to !== '' && { to: new Date(Date.parse(to) + 86_400_000).toISOString() }),
    };
    const job = await action.send<ReplayJob>('POST', '/operations/replays', body);
    if (job !== undefined) onStarted();
  };
  return (
    <form
      class="admin-form"
      onSubmit={(event) => {
        event.preventDefault();
        void begin(true);
      }}
    >
      <div class="admin-row">
        <SelectField
          label="From the folder"
          value={folder}
          onValue={setFolder}
          fault={action.fault('folder')}
          choices={[
            { value: 'unknown', label: 'unknown' },
            { value: 'expired', label: 'expired' },
            ...senders.map(({ id, name }) => ({ value: id, label: `${name} (${id})` })),
          ]}
        />
        <SelectField
          label="Only what belongs to"
          value={tenant}
          onValue={setTenant}
          fault={action.fault('tenant')}
          choices={[
            { value: '', label: 'anybody' },
            ...senders.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <TextField
          label="Only with the trace"
          value={trace}
          onValue={setTrace}
          fault={action.fault('trace')}
          spellcheck={false}
        />
      </div>
      <div class="admin-row">
        <TextField
          label="Received from"
          type="date"
          value={from}
          onValue={setFrom}
          fault={action.fault('from')}
        />
        <TextField label="through" type="date" value={to} onValue={setTo} fault={action.fault('to')} />
        <Button type="submit" isBusy={action.isBusy} disabled={isRunning}>
          Count what it would do
        </Button>
        <Button kind="primary" isBusy={action.isBusy} disabled={isRunning} onClick={() => void begin(false)}>
          Replay
        </Button>
      </div>
      {isRunning && <p class="admin-note">One replay runs at a time.</p>}
      <ActionError error={action.error} fields={FIELDS} />
    </form>
  );
};

const STATES = {
  running: ['plain', 'running'],
  done: ['good', 'done'],
  stopped: ['warning', 'stopped'],
  failed: ['trouble', 'failed'],
} as const;

const Job = ({ job, onStopped }: { readonly job: ReplayJob; readonly onStopped: () => void }) => {
  const action = useAction();
  const [kind, words] = STATES[job.state];
  const stop = async (): Promise<void> => {
    await action.send('DELETE', `/operations/replays/${encodeURIComponent(job.id)}`);
    onStopped();
  };
  return (
    <article class="admin-job">
      <header class="admin-job-head">
        <h3>
          {job.dryRun ? 'Count of' : 'Replay of'} {job.folder}
          {job.tenant !== null && ` for ${job.tenant}`}
        </h3>
        <Tag kind={kind}>{words}</Tag>
        <span class="admin-note">{formatMoment(job.startedAt)} UTC</span>
        {job.state === 'running' && (
          <Button isBusy={action.isBusy} onClick={() => void stop()}>
            Stop
          </Button>
        )}
      </header>
      <ReplayProgressBar job={job} />
      <ReplayResultText job={job} />
    </article>
  );
};
