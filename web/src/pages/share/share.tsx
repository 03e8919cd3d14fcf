import { useEffect, useState } from 'preact/hooks';
import { openShare, tenantOfToken } from '../../api/accounts.ts';
import { ApiError } from '../../api/errors.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import type { PageProps } from '../../route.ts';
import { useApp } from '../../state/app-state.ts';
import { viewOfShare } from '../../state/shared-view.ts';

/** Opens a share link: a session that sees one selection. Somebody who is signed in is asked first, since a browser has one session. */
export const SharePage = ({ rest }: PageProps) => {
  const { client, router, session } = useApp();
  const token = rest[0] ?? '';
  const tenant = tenantOfToken(token);
  const [trouble, setTrouble] = useState<string | null>(
    tenant === null ? 'The address is not whole. Copy all of the link.' : null,
  );
  const [isOpening, setOpening] = useState(false);
  const state = session.state.value;
  const person = state.kind === 'signed-in' && !state.isEnded && state.account === 'person' ? state : null;

  const open = async (): Promise<void> => {
    if (tenant === null) return;
    setOpening(true);
    try {
      if (state.kind === 'signed-in' && !state.isEnded) await session.signOut();
      const { name, page, selection } = await openShare(client, tenant, token);
      await session.adopt(tenant, name);
      const { site } = selection;
      const view = viewOfShare(selection);
      router.go({ org: tenant, site, scope: 'site', page, rest: [], view, extra: {} }, { replace: true });
    } catch (error) {
      setTrouble(error instanceof ApiError ? error.message : 'It could not be opened.');
      setOpening(false);
    }
  };
  useEffect(() => {
    document.title = 'Shared · Rumbrella';
  }, []);
  useEffect(() => {
    if (state.kind !== 'unknown' && person === null && trouble === null && !isOpening) void open();
  }, [state.kind]);

  if (trouble !== null)
    return (
      <main>
        <EmptyState icon="warning" title="This link does not open">
          {trouble}
        </EmptyState>
      </main>
    );
  if (person === null || isOpening)
    return (
      <main>
        <SkeletonLines />
      </main>
    );
  return (
    <main>
      <EmptyState
        icon="external"
        title="Open what was shared?"
        actions={
          <>
            <Button kind="primary" onClick={() => void open()}>
              Sign out and open
            </Button>
            <Button onClick={() => router.go('/app/')}>Stay signed in</Button>
          </>
        }
      >
        You are signed in as {person.username}. A browser has one session at a time; in a private window you
        can open the link without signing out.
      </EmptyState>
    </main>
  );
};
