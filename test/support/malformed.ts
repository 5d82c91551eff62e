import { signDocument } from '../../src-shared/documents/index.ts';
import { forge, licenseClaims, newScene, unwrapJws, wrap } from './documents.ts';

const scene = await newScene();
const claims = licenseClaims(scene);
/** The document all of these were made from. */
export const good = await signDocument('license', claims, scene.license.key);
const jws = unwrapJws(good);
const [head = '', payload = '', signature = ''] = jws.split('.');
const header = JSON.stringify({ alg: 'Ed25519', typ: 'latchkey-license+jwt', kid: scene.license.key.kid });
const label = 'LICENSE FILE';
const signedWith = (headerText: string, payloadText: string): string => wrap(label, forge(headerText, payloadText, scene.license.jwk));
export const withPayload = (text: string): string => signedWith(header, text);
export const body = JSON.stringify(claims);

/** The last character of a base64url segment with unused bits: the next one decodes to the same bytes. */
const nonCanonical = (segment: string): string => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return segment.slice(0, -1) + alphabet[alphabet.indexOf(segment.at(-1)!) + 1]!;
};
/** As deep as 64 KiB can hold in base64url, and closed again. */
const deep = (levels: number): string => `{"a":${'['.repeat(levels)}${']'.repeat(levels)}}`;

/** Files that no door takes: each is `FILE_MALFORMED`. */
export const malformedFiles: readonly (readonly [string, Uint8Array | string])[] = [
  ['an empty file', ''],
  ['random bytes', new Uint8Array(4096).map((_, index) => (index * 131 + 7) % 256)],
  ['more than 64 KiB', `${good}${' '.repeat(70_000)}`],
  ['20 MB', new Uint8Array(20 * 1024 * 1024)],
  ['a byte order mark', `\ufeff${good}`],
  ['UTF-16', Buffer.from(good, 'utf16le')],
  ['broken UTF-8', Buffer.concat([Buffer.from(good), Buffer.from([0xc3, 0x28])])],
  ['an overlong UTF-8 sequence', Buffer.concat([Buffer.from(good.slice(0, 40)), Buffer.from([0xc0, 0xaf]), Buffer.from(good.slice(40))])],
  ['text before the armor', `Dear operator,\n${good}`],
  ['text after the armor', `${good}Kind regards\n`],
  ['a second empty line after the armor', `${good}\n`],
  ['two documents in one file', `${good}${good}`],
  ['a label we do not know', good.replaceAll(label, 'LICENCE FILE')],
  ['different labels at the ends', good.replace(`END LATCHKEY ${label}`, 'END LATCHKEY RECEIPT')],
  ['no armor', jws],
  ['lines of 63 columns', wrap(label, jws, 63)],
  ['one long line', wrap(label, jws, 100_000)],
  ['white space inside a segment', wrap(label, `${head}.${payload.slice(0, 9)} ${payload.slice(9)}.${signature}`)],
  ['a tab inside a segment', wrap(label, `${head}.${payload.slice(0, 9)}\t${payload.slice(9)}.${signature}`)],
  ['padding', wrap(label, `${head}=.${payload}.${signature}`)],
  ['standard base64 instead of base64url', wrap(label, `${head}.${payload}.+${signature.slice(1)}`)],
  ['standard base64, the other letter', wrap(label, `${head}.${payload}./${signature.slice(1)}`)],
  ['a non-canonical last character', wrap(label, `${head}.${payload}.${nonCanonical(signature)}`)],
  ['two segments', wrap(label, `${head}.${payload}`)],
  ['four segments', wrap(label, `${jws}.${signature}`)],
  ['thirty thousand segments', wrap(label, '7.'.repeat(30_000))],
  ['an empty signature', wrap(label, `${head}.${payload}.`)],
  ['JSON serialization instead of compact', wrap(label, JSON.stringify({ payload, signatures: [{ protected: head, signature }] }))],
  ['a header that is an array', signedWith('[]', body)],
  ['a header that is not JSON', signedWith('{alg:Ed25519}', body)],
  ['a header with a duplicate member', signedWith(header.replace('{', '{"alg":"Ed25519",'), body)],
  ['a header with an unknown member', signedWith(header.replace('{', '{"cty":"x",'), body)],
  ['a header with another typ', signedWith(header.replace('latchkey-license+jwt', 'JWT'), body)],
  ['a header without kid', signedWith(JSON.stringify({ alg: 'Ed25519', typ: 'latchkey-license+jwt' }), body)],
  ['an empty payload object', withPayload('{}')],
  ['a payload that is an array', withPayload('[]')],
  ['a payload that is a string', withPayload('"x"')],
  ['a payload that is cut', withPayload(body.slice(0, -1))],
  ['a payload with a trailing comma', withPayload(body.replace(/\}$/, ',}'))],
  ['a payload with a comment', withPayload(body.replace('{', '{/* */'))],
  ['a payload with single quotes', withPayload(body.replaceAll('"', "'"))],
  ['a payload with NaN', withPayload(body.replace(/"seq":1/, '"seq":NaN'))],
  ['a payload with a duplicate member', withPayload(body.replace('{', `{"aud":"mch_${'A'.repeat(43)}",`))],
  ['a payload with a duplicate member spelt by an escape', withPayload(body.replace('{', `{"\\u0061ud":"mch_${'A'.repeat(43)}",`))],
  ['a payload with an unknown member', withPayload(body.replace('{', '{"admin":true,'))],
  ['an unknown member deep inside', withPayload(body.replace('"product":{', '"product":{"x":1,'))],
  ['__proto__', withPayload(body.replace('{', '{"__proto__":{"aud":"x"},'))],
  ['constructor', withPayload(body.replace('{', '{"constructor":{"prototype":{}},'))],
  ['nesting as deep as a file can hold, 24,000 levels', withPayload(deep(24_000))],
  ['nesting of 17 levels', withPayload(body.replace('{', `{"a":${'['.repeat(16)}${']'.repeat(16)},`))],
  ['a time that is a string', withPayload(body.replace(/"iat":(\d+)/, '"iat":"$1"'))],
  ['a time that is a fraction', withPayload(body.replace(/"iat":(\d+)/, '"iat":$1.5'))],
  ['a time beyond what dates can show', withPayload(body.replace(/"exp":(\d+)/, '"exp":1e300'))],
  ['a negative sequence', withPayload(body.replace('"seq":1', '"seq":-1'))],
  ['a machine name of control characters', withPayload(body.replace('Aurora Stage', 'Aurora\\u0000'))],
  ['a name with a bidirectional override', withPayload(body.replace('Aurora Stage', 'Aurora\\u202e'))],
  ['a missing member', withPayload(JSON.stringify({ ...claims, exp: undefined }))],
];
