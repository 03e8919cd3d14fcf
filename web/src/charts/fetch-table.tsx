import type { Resource } from '#reports';
import { formatDuration } from '../parts/numbers.ts';
import { ownWords, serverWords, sizeWords } from './fetch-words.ts';
import '../parts/table.css';
import './waterfall.css';

/** The fetches of a page as a table. Addresses and the server's words are text from outside and only ever texts here. */
export const FetchTable = ({ resources }: { readonly resources: readonly Resource[] }) => {
  const hasServer = resources.some(({ serverTiming }) => serverTiming.length > 0);
  const hasOwn = resources.some(({ ownData }) => ownData.length > 0);
  return (
    <div class="table-scroll" tabIndex={0} role="group" aria-label="Table of fetches">
      <table class="table fetch-table">
        <caption class="unseen">Fetches by their start</caption>
        <thead>
          <tr>
            <th scope="col">Address</th>
            <th scope="col">Kind</th>
            <th scope="col">Protocol</th>
            {['Start', 'Connected', 'Request', 'First byte', 'End', 'On the wire'].map((title) => (
              <th key={title} scope="col" class="is-number">
                {title}
              </th>
            ))}
            {hasServer && <th scope="col">Server</th>}
            {hasOwn && <th scope="col">Noted by the page</th>}
          </tr>
        </thead>
        <tbody>
          {resources.map((resource, row) => {
            const { url, kind, protocol, start, connect, requestStart, responseStart, end } = resource;
            return (
              <tr key={row}>
                <th scope="row">{url}</th>
                <td>{kind}</td>
                <td>{protocol}</td>
                {[start, connect, requestStart, responseStart, end].map((ms, place) => (
                  <td key={place} class="is-number">
                    {formatDuration(ms)}
                  </td>
                ))}
                <td class="is-number">{sizeWords(resource.transferBytes)}</td>
                {hasServer && <td class="fetch-server">{serverWords(resource).join(', ')}</td>}
                {hasOwn && <td class="fetch-server">{ownWords(resource).join(', ')}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
};
