import { describe, expect, test } from 'vitest';
import { LOAD, rowOf } from '../../../test/support/decoded-row.ts';

describe('largest paint', () => {
  const image = 'https://shop.example/hero.webp';
  const paint = { ...LOAD, 'pt.fcp': 400, 'pt.lcp': 900, 'pt.lcp.el': 'IMG', 'pt.lcp.src': image };

  test('is made of first byte, wait, download and rendering', () => {
    const row = rowOf({ ...paint, restiming: `{"${image}":"1b4,5k"}` });
    expect(row).toMatchObject({
      largest_contentful_paint: 900,
      lcp_element: 'img',
      lcp_url: 'shop.example/hero.webp',
      lcp_ttfb: 300,
      lcp_load_delay: 100,
      lcp_load_duration: 200,
      lcp_render_delay: 300,
    });
  });

  test('is that of its own image, whatever was fetched after it', () => {
    const restiming = `{"${image}":"1b4,5k|1dw,1","https://shop.example/late.webp":"1go,1"}`;
    expect(rowOf({ ...paint, restiming })).toMatchObject({ lcp_load_delay: 100, lcp_load_duration: 200 });
  });

  test('of a text has nothing to download', () => {
    const row = rowOf({ ...LOAD, 'pt.lcp': 900, 'pt.lcp.el': 'H1' });
    expect(row).toMatchObject({
      lcp_ttfb: 300,
      lcp_load_delay: 0,
      lcp_load_duration: 0,
      lcp_render_delay: 600,
    });
  });

  test('of an image that is not in the list has no parts but the first', () => {
    expect(rowOf(paint)).toMatchObject({ lcp_ttfb: 300, lcp_load_delay: null, lcp_render_delay: null });
  });

  test('of a page that was hidden is NULL', () => {
    expect(rowOf({ ...paint, 'pt.hid': 1 })).toMatchObject({
      first_contentful_paint: null,
      largest_contentful_paint: null,
      lcp_element: '',
      was_hidden: true,
    });
  });
});
