import type { Guest } from '../notes/guests.ts';
import { comparedPeriod, periodOf } from './period.ts';
import type { ServiceAccount } from './service-accounts.ts';

/** What a share link shows to whoever has it; null: the account is no share link. Moments that move on are resolved at `now`. */
export const guestOf = ({ site, share }: ServiceAccount, now: number): Guest | null => {
  if (share === null) return null;
  const compared = comparedPeriod(share.selection, now);
  return {
    site,
    periods: [periodOf(share.selection, now), ...(compared === null ? [] : [compared])],
    dimensions: share.selection.filters.map(({ dimension }) => dimension),
  };
};
