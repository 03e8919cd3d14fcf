import { PageTitle } from '../../shell/page-title.tsx';

/** What the words and signs mean. */
export const Help = () => <PageTitle title="Help" />;
