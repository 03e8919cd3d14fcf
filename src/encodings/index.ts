// How Boomerang writes values that are no plain text, whatever they mean: objects as JSURL, numbers in base 36.
export { decodeJsurl, decodeObject, type JsurlValue } from './jsurl.ts';
export { asList, asMap, asNumber, asText } from './jsurl-access.ts';
export { readBase36 } from './base36.ts';
