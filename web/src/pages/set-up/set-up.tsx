import { useEffect, useState } from 'preact/hooks';
import { fetchInstance } from '../../api/session.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { TextField } from '../../parts/field.tsx';
import { useSettled } from '../../reports/use-settled.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { ArrivalNotice } from './arrival-notice.tsx';
import { snippetOf, tryCommandOf } from './snippet.ts';
import './set-up.css';

const USUAL_PATH = '/beacon/catcher';

/** How a site's beacons begin to come: the snippet, whether they arrive, and what to look at when they do not. */
export const SetUp = () => {
  const { client, organization } = useApp();
  const [beaconPath, setBeaconPath] = useState(USUAL_PATH);
  const [site, setSite] = useState('');
  const asked = hostnameIn(useSettled(site));
  useEffect(() => {
    fetchInstance(client).then(
      (instance) => setBeaconPath(instance.beaconPath),
      () => setBeaconPath(USUAL_PATH),
    );
  }, [client]);
  const shown = organization.value;
  if (shown === null) return null;
  if (shown.trace === null)
    return (
      <EmptyState icon="setup" title={`${shown.name} has no trace`}>
        Its beacons need a name: the operator adds a line <code>brum_trace</code> to this organization in the
        users map.
      </EmptyState>
    );
  const facts = { beaconUrl: `${location.origin}${beaconPath}`, trace: shown.trace };
  const hostname = asked === '' ? (shown.hostnames[0] ?? 'your-site.example') : asked;
  return (
    <>
      <PageTitle
        title="Set up a site"
        note="Put the snippet on your pages. Figures come with the first visitors."
      />
      <div class="set-up-steps">
        <section class="set-up-step">
          <h2>1. The snippet</h2>
          <p class="quiet">
            In the head of every page, before other scripts. Any build of Boomerang works; with the plugins
            for painting, events and navigation it measures all vitals.
          </p>
          <Code text={snippetOf(facts)} what="The snippet" />
          <p class="quiet">
            The trace <code>{shown.trace}</code> says that a beacon is {shown.name}’s. Every visitor can read
            it; it opens nothing.
          </p>
        </section>
        <section class="set-up-step">
          <h2>2. Does it arrive?</h2>
          <TextField
            label="Site"
            hint="The host name that is being set up, as in the address of its pages. Empty: any site."
            value={site}
            onValue={setSite}
            maxLength={253}
            placeholder={shown.hostnames[0] ?? 'www.example.org'}
          />
          <ArrivalNotice tenant={shown.id} site={asked === '' ? null : asked} />
        </section>
        <section class="set-up-step">
          <h2>When nothing comes</h2>
          <ul class="plain-list">
            <li>
              The browser’s network list shows a request to <code>{beaconPath}</code> with the answer 204:
              then the beacon is safe here. Another answer says what is wrong with it.
            </li>
            <li>
              No request at all: Boomerang did not load, or the page’s content security policy keeps it from
              this address (<code>connect-src</code>, <code>img-src</code>).
            </li>
            <li>
              204, but nothing here: the trace is another one, or {shown.name} has expired. An operator sees
              such beacons in Data health, and can replay them; none is lost.
            </li>
            {shown.hostnames.length > 0 && (
              <li>
                The users map names the sites of {shown.name}: {shown.hostnames.join(', ')}. Beacons of others
                may be refused.
              </li>
            )}
          </ul>
          <h3>Try it without a page</h3>
          <Code text={tryCommandOf(facts, hostname)} what="The command" />
        </section>
      </div>
    </>
  );
};

/** The host name in what somebody typed or pasted: a whole address, too. */
const hostnameIn = (typed: string): string => {
  const text = typed.trim().toLowerCase();
  return URL.parse(text.includes('://') ? text : `https://${text}`)?.hostname ?? text;
};

const Code = ({ text, what }: { readonly text: string; readonly what: string }) => (
  <>
    <div class="code-block" tabIndex={0} role="region" aria-label={what}>
      <pre>
        <code>{text}</code>
      </pre>
    </div>
    <div class="code-copy">
      <CopyButton text={text} what={what} />
    </div>
  </>
);
