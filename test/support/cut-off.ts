/**
 * A program for a browser's page that names texts that people cannot read to their end: wider than their box without an ellipsis, or lying over the text of a sibling. As a
 * text, since the tests are checked without the browser's types. What scrolls, what is meant for readers alone, and marks on charts are left out.
 */
export const CUT_OFF = `(() => {
  const found = [];
  const words = (element) => element.textContent.trim().replace(/\\s+/g, ' ').slice(0, 60);
  const name = (element) => element.tagName.toLowerCase() + (element.className && typeof element.className === 'string' ? '.' + element.className.trim().split(/\\s+/).join('.') : '');
  const isShown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.closest('.unseen, canvas, svg, .heat-map, .notes-on-axis, .time-readout, [popover]:not(:popover-open)') === null;
  const hasText = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '');
  const seen = ({ left, top, right, bottom }, element) => {
    const box = { left, top, right, bottom };
    for (let around = element; around !== null; around = around.parentElement) {
      if (getComputedStyle(around).overflowX === 'visible') continue;
      const edge = around.getBoundingClientRect();
      box.left = Math.max(box.left, edge.left);
      box.right = Math.min(box.right, edge.right);
    }
    return box;
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) => hasText(element) && isShown(element));
  for (const element of texts) {
    const style = getComputedStyle(element);
    if (style.display === 'inline') continue;
    const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
    if (clips && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
      found.push('cut off: ' + name(element) + ' "' + words(element) + '"');
  }
  const rects = texts.map((element) => {
    const range = document.createRange();
    const own = [...element.childNodes].filter((node) => node.nodeType === 3 && node.data.trim() !== '');
    range.setStart(own[0], 0);
    range.setEnd(own[own.length - 1], own[own.length - 1].data.length);
    return { element, boxes: [...range.getClientRects()].map((box) => seen(box, element)) };
  });
  for (const [index, { element, boxes }] of rects.entries())
    for (const other of rects.slice(index + 1)) {
      if (element.contains(other.element) || other.element.contains(element)) continue;
      if (element.parentElement !== other.element.parentElement && element.parentElement?.parentElement !== other.element.parentElement?.parentElement) continue;
      const over = boxes.some((a) => other.boxes.some((b) =>
        Math.min(a.right, b.right) - Math.max(a.left, b.left) > 2 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4));
      if (over) found.push('over each other: ' + name(element) + ' "' + words(element) + '" and ' + name(other.element) + ' "' + words(other.element) + '"');
    }
  return [...new Set(found)].slice(0, 12);
})()`;
