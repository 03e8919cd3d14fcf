import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../test/support/decoded-row.ts';

describe('resources', () => {
  test('are added up by type, by site and by cache', () => {
    const restiming = JSON.stringify({
      'https://shop.example/': { '': '6,8c*13k0,8c', 'a.js': '31,2*12s,2s', 'b.css': '21,2*12s,_*44' },
      'https://cdn.example-ads.com/t': '31,2',
      'https://img.shop.example/x.PNG?v=1': '41,2*12s,2s,2s',
    });
    expect(rowOf({ u: 'https://shop.example/', restiming })).toMatchObject({
      res_count: 4,
      res_bytes: 400,
      res_encoded_bytes: 300,
      res_decoded_bytes: 400,
      res_script_count: 2,
      res_script_bytes: 200,
      res_css_count: 1,
      res_css_bytes: 0,
      res_img_count: 1,
      res_third_party_count: 1,
      res_third_party_hosts: 1,
      res_cached_count: 1,
      restiming,
    });
  });

  test('that cannot be read are NULL and named', () => {
    expect(rowOf({ restiming: '{"a' })).toMatchObject({
      res_count: null,
      restiming: '',
      rejected_fields: ['restiming'],
    });
  });
});
