import type { OrganizationLine, OrganizationsAnswer, RelationLine } from '#operations';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { useApp } from '../../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useAction } from '../parts/use-action.ts';
import type { OpenDialog } from './open-dialog.ts';
import { AddOrganization, EditOrganization, RenewOrganization } from './organization-form.tsx';
import { EditRelation } from './edit-relation.tsx';
import { AddRelation, RenewRelation } from './relation-form.tsx';
import '../parts/admin.css';

/** What is open over the page of organizations. */
export const OrganizationDialogs = ({
  open,
  answer: { version, organizations },
  close,
  done,
  openNext,
  reload,
}: {
  readonly open: OpenDialog | null;
  readonly answer: OrganizationsAnswer;
  readonly close: () => void;
  readonly done: () => void;
  readonly openNext: (what: OpenDialog) => void;
  readonly reload: () => void;
}) => {
  switch (open?.kind) {
    case undefined:
      return null;
    case 'add':
      return (
        <AddOrganization
          version={version}
          onClose={close}
          onAdded={(organization) => {
            reload();
            if (organization.traces.length > 0) openNext({ kind: 'snippet', organization });
            else close();
          }}
        />
      );
    case 'add-relation':
      return <AddRelation organizations={organizations} version={version} onClose={close} onAdded={done} />;
    case 'edit':
      return (
        <EditOrganization
          organization={open.organization}
          version={version}
          onClose={close}
          onChanged={done}
        />
      );
    case 'renew':
      return (
        <RenewOrganization
          organization={open.organization}
          version={version}
          onClose={close}
          onRenewed={done}
        />
      );
    case 'expire':
      return <Expire organization={open.organization} version={version} close={close} done={done} />;
    case 'snippet':
      return <Snippet organization={open.organization} onClose={close} />;
    case 'edit-relation':
      return (
        <EditRelation
          relation={open.relation}
          organizations={organizations}
          version={version}
          onClose={close}
          onChanged={done}
        />
      );
    case 'renew-relation':
      return <RenewRelation relation={open.relation} version={version} onClose={close} onRenewed={done} />;
    case 'end-relation':
      return <EndRelation relation={open.relation} version={version} close={close} done={done} />;
  }
};

const Expire = ({
  organization,
  version,
  close,
  done,
}: {
  readonly organization: OrganizationLine;
  readonly version: string;
  readonly close: () => void;
  readonly done: () => void;
}) => {
  const action = useAction();
  const expire = async (): Promise<void> => {
    const path = `/operations/organizations/${encodeURIComponent(organization.id)}`;
    const body = { expire: 'now', version };
    if ((await action.send('PATCH', path, body, `${organization.name} is expired.`)) !== undefined) done();
  };
  return (
    <Confirm
      title={`Let ${organization.name} expire now?`}
      words="Let it expire"
      action={action}
      onConfirm={() => void expire()}
      onClose={close}
    >
      <p>
        Its beacons go to the folder <b>expired</b> from now on, and nobody can look at its figures. Nothing
        is deleted: after a renewal its beacons of meanwhile can be replayed.
      </p>
    </Confirm>
  );
};

const EndRelation = ({
  relation,
  version,
  close,
  done,
}: {
  readonly relation: RelationLine;
  readonly version: string;
  readonly close: () => void;
  readonly done: () => void;
}) => {
  const action = useAction();
  const end = async (): Promise<void> => {
    const path = `/operations/relations/${encodeURIComponent(relation.id)}?version=${encodeURIComponent(version)}`;
    if ((await action.send('DELETE', path, undefined, 'The relation was ended.')) !== undefined) done();
  };
  return (
    <Confirm
      title={`End ${relation.id} now?`}
      words="End it"
      action={action}
      onConfirm={() => void end()}
      onClose={close}
    >
      <p>
        People of {relation.tenant} can no longer act for {relation.executesAs.join(', ')} by it. It stays in
        the users map with its end, and can be renewed.
      </p>
    </Confirm>
  );
};

const Snippet = ({
  organization,
  onClose,
}: {
  readonly organization: OrganizationLine;
  readonly onClose: () => void;
}) => {
  const { organization: shown } = useApp();
  const line = `<script>BOOMR.addVar("brum_trace", ${JSON.stringify(organization.traces[0] ?? '')});</script>`;
  const isReachable = shown.value?.id === organization.id;
  return (
    <Dialog title={`On the pages of ${organization.name}`} isOpen onClose={onClose}>
      <p>Before Boomerang sends, each page says whose beacon it is:</p>
      <pre class="snippet" tabIndex={0}>
        {line}
      </pre>
      <div class="admin-row">
        <CopyButton text={line} what="The line" />
        {isReachable && (
          <a
            href={formatAddress({
              org: organization.id,
              site: null,
              scope: 'organization',
              page: 'set-up',
              rest: [],
              view: DEFAULT_VIEW,
              extra: {},
            })}
          >
            The whole snippet, and whether the first beacon has come
          </a>
        )}
      </div>
      <p class="admin-note">
        Beacons with this trace that came before are in the folder <b>unknown</b>: replay them from Data
        health.
      </p>
    </Dialog>
  );
};
