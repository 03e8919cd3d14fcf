import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { columnsPage } from '../../scripts/columns-page.ts';
import { EVENT_COLUMNS } from './schema.ts';

/** Columns of front_basicrum_go's table, which Basic RUM's dashboards query. */
const BASIC_RUM =
  `event_date hostname created_at event_type browser_name device_type operating_system next_hop_protocol visibility_state
  boomerang_version browser_version operating_system_version user_agent geo_city_name scr_bpp scr_orn ua_vnd ua_plt device_manufacturer
  mob_etype session_id session_length url connect_duration dns_duration first_byte_duration redirect_duration first_contentful_paint
  first_paint first_input_delay largest_contentful_paint redirects_count cumulative_layout_shift geo_country_code page_id data_saver_on
  cpu_cnc screen_width screen_height dom_res dom_doms dom_ln dom_sz dom_ck dom_img dom_img_uniq dom_script dom_iframe dom_link
  dom_link_css mob_dl mob_rtt mem_total mem_limit mem_used mem_lsln mem_ssln mem_lssz`.split(/\s+/);

describe('schema of the events table', () => {
  test('names each column once, in the form of an identifier', () => {
    const names = EVENT_COLUMNS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
  });

  test('has every column of Basic RUM', () => {
    const names = new Set<string>(EVENT_COLUMNS.map(({ name }) => name));
    expect(BASIC_RUM.filter((name) => !names.has(name))).toEqual([]);
  });

  test('begins with the identity that the loader writes and looks up', () => {
    expect(EVENT_COLUMNS.slice(0, 3).map(({ name, type }) => [name, type])).toEqual([
      ['journal_segment', 'UInt64'],
      ['journal_offset', 'UInt64'],
      ['batch_id', 'UInt64'],
    ]);
  });

  test('has a reference page that says the same', () => {
    const page = readFileSync(new URL('../../docs/reference/columns.md', import.meta.url), 'utf8');
    expect(page).toBe(columnsPage());
  });
});
