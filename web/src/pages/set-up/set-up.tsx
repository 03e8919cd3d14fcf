import { PageTitle } from '../../shell/page-title.tsx';

/** How a site's beacons begin to come. */
export const SetUp = () => (
  <PageTitle title="Set up" note="Put the snippet on your pages; figures come with the first visitor." />
);
