import { describe, expect, test } from 'vitest';
import { DEMO_STORIES, demoNotes, releaseAt } from './story.ts';

const DAY = 86_400_000;

describe("the demo's notes", () => {
  test.each([Date.UTC(2026, 10, 22, 17, 43), Date.UTC(2026, 10, 22)])(
    'stand at the moment from which page views are of the release (end %d)',
    (end) => {
      const deploys = demoNotes(end).filter(({ kind }) => kind === 'deploy');
      expect(deploys.length).toBeGreaterThan(4);
      for (const { tenant, at, version } of deploys) {
        const story = DEMO_STORIES.find(({ organization }) => organization.prefix === tenant);
        if (story === undefined) throw new Error(`no story of ${tenant}`);
        // As the page views are made: a day of the calendar has one release.
        const releaseOf = (moment: number): string =>
          releaseAt(story, Math.floor(end / DAY) - Math.floor(moment / DAY)).name;
        expect(releaseOf(at)).toBe(version);
        expect(releaseOf(at - 1)).not.toBe(version);
      }
    },
  );

  test('say from when to when the product pages were slow: while the release was in use', () => {
    const notes = demoNotes(Date.UTC(2026, 10, 22, 17, 43)).filter(({ tenant }) => tenant === 'demo_shop');
    const incident = notes.find(({ kind }) => kind === 'incident');
    const released = (version: string) => notes.find((note) => note.version === version)?.at;
    expect([incident?.at, incident?.until]).toEqual([released('4.2.0'), released('4.2.1')]);
  });
});
