import type { Config } from '#config';
import type { Finding } from './finding.ts';

/** How many beacons the door takes from whom: is there anybody who could take the disk from the others? */
export const examineQuotas = ({ collector }: Config): Finding => {
  const what = 'quotas';
  const quotas = [
    ['tenant_beacons_per_second', collector.tenantBeaconsPerSecond, 'of one organization'],
    ['network_beacons_per_second', collector.networkBeaconsPerSecond, 'from one network'],
    ['unknown_beacons_per_second', collector.unknownBeaconsPerSecond, 'of no organization'],
  ] as const;
  const bounds = quotas.map(
    ([, perSecond, whose]) => `${perSecond === 0 ? 'any number' : perSecond} ${whose}`,
  );
  const found = `beacons a second: ${bounds.join(', ')}`;
  const open = quotas.filter(([, perSecond]) => perSecond === 0).map(([key]) => `collector.${key}`);
  if (open.length > 0)
    return {
      state: 'note',
      what,
      found,
      hint: `whoever floods can fill the disk of all: ${open.join(', ')}`,
    };
  return collector.trustedProxies.length > 0
    ? { state: 'good', what, found }
    : { state: 'good', what, found: `${found} (a proxy is one, without collector.trusted_proxies)` };
};
