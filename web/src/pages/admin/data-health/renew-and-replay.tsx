import { useState } from 'preact/hooks';
import type { ExpiredLine } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Dialog } from '../../../parts/dialog.tsx';
import { Skeleton } from '../../../parts/skeleton.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { RenewOrganization } from '../organizations/organization-form.tsx';
import { useHome } from '../parts/use-home.ts';
import { ReplaySteps } from '../replay/replay-steps.tsx';

/** From beacons after an end to rows: renew their organization, count what a replay would do, do it. */
export const RenewAndReplay = ({
  line: { tenant: id, name, state, expiresAt },
  onClose,
}: {
  readonly line: ExpiredLine;
  readonly onClose: () => void;
}) => {
  const [isActive, setActive] = useState(state === 'active');
  const map = useRequest(operations.organizations(useHome()?.id));
  if (isActive)
    return (
      <Dialog title={`Replay into ${name}`} isOpen onClose={onClose}>
        <ReplaySteps
          request={{ folder: 'expired', tenant: id }}
          organization={{ id, name }}
          onClose={onClose}
        />
      </Dialog>
    );
  if (map.data === undefined && map.error === undefined)
    return (
      <Dialog title={`Renew ${name}`} isOpen onClose={onClose}>
        <Skeleton height="200px" />
      </Dialog>
    );
  return (
    <RenewOrganization
      organization={map.data?.organizations.find((each) => each.id === id) ?? { id, name, expiresAt }}
      version={map.data?.version}
      onClose={onClose}
      onRenewed={() => setActive(true)}
    />
  );
};
