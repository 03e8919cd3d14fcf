import { useState } from 'preact/hooks';
import { operations } from '../../../api/operations.ts';
import { Button } from '../../../parts/button.tsx';
import { Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useRequest } from '../../../state/use-request.ts';
import { useHome } from '../parts/use-home.ts';
import { MapProblems } from './map-problems.tsx';
import type { OpenDialog } from './open-dialog.ts';
import { OrganizationDialogs } from './organization-dialogs.tsx';
import { OrganizationList } from './organization-list.tsx';
import { RelationList } from './relation-list.tsx';
import '../parts/admin.css';

/** Organizations and relations, as the users map says; changes are written back to the file. */
export const Organizations = () => {
  const home = useHome();
  const asked = useRequest(operations.organizations(home?.id));
  const [open, setOpen] = useState<OpenDialog | null>(null);
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    asked.reload();
  };

  return (
    <div class="admin-page">
      <PageTitle
        title="Organizations"
        note="Who they are, how long they may stay, and who may act for whom. What is changed here is written into the users map; the comments in it stay."
        actions={
          asked.data !== undefined && (
            <>
              <Button onClick={() => setOpen({ kind: 'add-relation' })}>Add relation</Button>
              <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: 'add' })}>
                Add organization
              </Button>
            </>
          )
        }
      />
      <Shown asked={asked} height="420px">
        {(answer) => (
          <div class="admin-page">
            <MapProblems answer={answer} />
            <OrganizationList answer={answer} open={setOpen} />
            <RelationList answer={answer} open={setOpen} />
            <OrganizationDialogs
              open={open}
              answer={answer}
              close={close}
              done={done}
              openNext={setOpen}
              reload={asked.reload}
            />
          </div>
        )}
      </Shown>
    </div>
  );
};
