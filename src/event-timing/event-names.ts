/** Names of Boomerang's event codes, by code; `-`: not in use. */
export const EVENT_NAMES: readonly string[] = [
  'click dblclick mousedown mouseup mousemove touchstart touchend touchmove keydown keyup keypress',
  'wheel pointerdown pointerup pointermove - - compositionstart compositionupdate compositionend',
  'contextmenu pointerover mouseover pointerenter auxclick beforeinput dragend dragenter dragleave',
  'dragover dragstart drop gotpointercapture input lostpointercapture mouseenter mouseleave mouseout',
  'pointercancel pointerleave pointerout touchcancel',
]
  .join(' ')
  .split(' ');
