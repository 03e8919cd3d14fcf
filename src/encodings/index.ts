// How Boomerang writes values that are no plain text, whatever they mean: objects as JSURL, numbers in base 36.
export { decodeJsurl, decodeObject, type JsurlValue } from './jsurl.ts';
export { asJson, asList, asMap, asNumber, asText, readObjects } from './jsurl-access.ts';
export { readBase36, readBase36Decimal } from './base36.ts';
