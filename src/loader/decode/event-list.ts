import { asList, asMap, asNumber, asText, decodeObject, readBase36 } from '#encodings';

/** Names of Boomerang's event codes, by code; `-`: not in use. */
const EVENT_NAMES: readonly string[] = [
  'click dblclick mousedown mouseup mousemove touchstart touchend touchmove keydown keyup keypress',
  'wheel pointerdown pointerup pointermove - - compositionstart compositionupdate compositionend',
  'contextmenu pointerover mouseover pointerenter auxclick beforeinput dragend dragenter dragleave',
  'dragover dragstart drop gotpointercapture input lostpointercapture mouseenter mouseleave mouseout',
  'pointercancel pointerleave pointerout touchcancel',
]
  .join(' ')
  .split(' ');

/** One slow event: its name, when it began (ms since navigation start) and how long it took until the next paint, ms. */
export interface SlowEvent {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  /** It belongs to an interaction, as INP counts them. */
  readonly isInteraction: boolean;
}

const MAX_EVENTS = 200;

/** Reads `et.e`: the events of 16 ms and more. Null when it cannot be read. */
export const readEventList = (text: string): readonly SlowEvent[] | null => {
  const list = decodeObject(text);
  if (!Array.isArray(list)) return null;
  return asList(list)
    .slice(0, MAX_EVENTS)
    .flatMap((item) => {
      const event = asMap(item);
      if (event === undefined) return [];
      const code = event.get('n');
      const name = EVENT_NAMES[asNumber(code)] ?? (typeof code === 'string' ? code : '');
      return [
        {
          name,
          startTime: readBase36(asText(event.get('s'))),
          duration: readBase36(asText(event.get('d'))) || 0,
          isInteraction: event.has('i'),
        },
      ];
    });
};
