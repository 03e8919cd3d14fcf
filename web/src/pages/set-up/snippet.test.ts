import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { snippetOf, tryCommandOf } from './snippet.ts';

const beaconUrl = 'https://rum.example.org/beacon/catcher';

describe('the snippet', () => {
  test('names the address and the trace', () => {
    const snippet = snippetOf({ beaconUrl, trace: 'BY83kR5MS5PM' });
    expect(snippet).toContain(`beacon_url: '${beaconUrl}'`);
    expect(snippet).toContain("BOOMR.addVar('brum_trace', 'BY83kR5MS5PM')");
  });

  test('keeps a trace that is markup and script inside of its text', () => {
    const snippet = snippetOf({ beaconUrl, trace: `'); alert(1) //</script><img src=x>\\` });
    expect(snippet.match(/<\/script>/g)).toHaveLength(2);
    expect(snippet).not.toContain('<img');
    const text = /'brum_trace', ('.*')\);/.exec(snippet)?.[1] ?? '';
    // The text as a script would read it.
    expect(runInNewContext(text)).toBe(`'); alert(1) //</script><img src=x>\\`);
  });

  test('has a command that sends a page view of the site', () => {
    expect(tryCommandOf({ beaconUrl, trace: 'a b' }, 'shop.example')).toContain(
      `${beaconUrl}?brum_trace=a%20b' \\\n  -d u=https://shop.example/`,
    );
  });
});
