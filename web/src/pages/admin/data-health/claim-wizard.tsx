import { useState } from 'preact/hooks';
import type { ReplayRequest, UnclaimedGroup } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Dialog } from '../../../parts/dialog.tsx';
import { Skeleton } from '../../../parts/skeleton.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { AddOrganization, RenewOrganization } from '../organizations/organization-form.tsx';
import { ReplaySteps } from '../replay/replay-steps.tsx';
import { useHome } from '../parts/use-home.ts';
import { AssignTrace } from './assign-trace.tsx';

/** From beacons of nobody to rows: add or renew their organization, count what a replay would do, do it, look at the chart. */
export const ClaimWizard = ({
  group,
  folder,
  onClose,
}: {
  readonly group: UnclaimedGroup;
  readonly folder: 'unknown' | 'expired';
  readonly onClose: () => void;
}) => {
  const [owner, setOwner] = useState(
    group.owner?.state === 'active' ? { id: group.owner.id, name: group.owner.name } : null,
  );
  const [isExisting, setExisting] = useState(false);
  const map = useRequest(operations.organizations(useHome()?.id));

  if (owner !== null) {
    const request: ReplayRequest = { folder, tenant: owner.id, trace: group.trace };
    return (
      <Dialog title={`Replay into ${owner.name}`} isOpen onClose={onClose}>
        <ReplaySteps request={request} organization={owner} onClose={onClose} />
      </Dialog>
    );
  }
  if (map.data === undefined && map.error === undefined)
    return (
      <Dialog title="Add an organization" isOpen onClose={onClose}>
        <Skeleton height="200px" />
      </Dialog>
    );
  const version = map.data?.version;
  if (group.owner !== null) {
    const { id, name } = group.owner;
    const line = map.data?.organizations.find((organization) => organization.id === id);
    return (
      <RenewOrganization
        organization={line ?? { id, name, expiresAt: null }}
        version={version}
        onClose={onClose}
        onRenewed={() => setOwner({ id, name })}
      />
    );
  }
  if (isExisting && map.data !== undefined)
    return (
      <AssignTrace
        trace={group.trace}
        map={map.data}
        onNew={() => setExisting(false)}
        onClose={onClose}
        onAssigned={({ id, name }) => setOwner({ id, name })}
      />
    );
  return (
    <AddOrganization
      version={version}
      trace={group.trace}
      {...(map.data !== undefined && { onExisting: () => setExisting(true) })}
      hostnames={group.hostnames}
      onClose={onClose}
      onAdded={({ id, name }) => setOwner({ id, name })}
    />
  );
};
