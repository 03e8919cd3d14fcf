import type { Database } from '#database';
import type { DemoHistory } from '#demo';
import type { AppContext } from './app.ts';
import { demoAccountLines, makeDemoAccounts } from './demo-accounts.ts';
import { addDemoNotes } from './demo-notes.ts';

/** Makes the demo's accounts, its past and the notes about it, where they are missing. May be tried again. */
export const fillDemo = async (
  { config, clock, registry, tell }: AppContext,
  database: Database,
  history: DemoHistory | null,
): Promise<void> => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const password = await makeDemoAccounts(database, clock, config.demoPassword, isTenant);
  if (password !== null) for (const line of demoAccountLines(password)) tell(line);
  if (history === null) return;
  const notes = (await history.start()).filter(({ tenant }) => isTenant(tenant));
  await addDemoNotes(database, notes, clock.now());
};
