const WORDS: Readonly<Record<string, string>> = {
  not_selected: 'not asked for',
  unknown: 'no organization has their trace',
  expired: 'their organization is expired',
  removed: 'their organization has left the users map',
  in_journal: 'left to the loader, which still loads them',
  repeated: 'there a second time',
  hostname: 'other host name',
  too_large: 'too large',
  opt_out: 'opted out',
  quota: 'more than the quota',
  network_quota: 'too many from one network',
  unknown_limit: 'more bytes than nobody may send in an hour',
};

/** Why, in words; reasons of others as they are, without their underscores. */
export const reasonWords = (reason: string): string => WORDS[reason] ?? reason.replaceAll('_', ' ');
