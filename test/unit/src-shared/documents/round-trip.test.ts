import { describe, expect, test } from 'vitest';
import {
  authenticateHeartbeat, authenticateIssued, authenticateKeyset, authenticateRelease, authenticateRequest, documentKinds, kindTable, parseDocument,
  parseKind, signDocument, signHeartbeat,
} from '../../../../src-shared/documents/index.ts';
import { unwrap } from '../../../../src-shared/result.ts';
import { licenseClaims, newParty, newScene, NOW, releaseClaims, requestClaims, unwrapJws } from '../../../support/documents.ts';

describe('documents', () => {
  test('every kind is read back as it was written, and authenticated by its own signer', async () => {
    const scene = await newScene();
    const request = unwrap(parseKind('request', await signDocument('request', requestClaims(scene), scene.machine.key)));
    expect(await authenticateRequest(request)).toMatchObject({ ok: true });

    const claims = licenseClaims(scene);
    const license = unwrap(parseKind('license', await signDocument('license', claims, scene.license.key)));
    expect(license.claims).toEqual(claims);
    expect(await authenticateIssued(license, scene.trusted)).toMatchObject({ ok: true });

    const release = unwrap(parseKind('release', await signDocument('release', releaseClaims(scene), scene.machine.key)));
    expect(await authenticateRelease(release, scene.machine.key.jwk)).toMatchObject({ ok: true });

    const receiptClaims = { iss: scene.authority, aud: scene.machineId, sub: 'lse_1', proof: 'rel_1', jti: 'rcp_1', iat: NOW };
    const receipt = unwrap(parseKind('receipt', await signDocument('receipt', receiptClaims, scene.license.key)));
    expect(await authenticateIssued(receipt, scene.trusted)).toMatchObject({ ok: true });

    const keyset = unwrap(parseKind('keyset', await signDocument('keyset', scene.keyset, scene.root.key)));
    expect(await authenticateKeyset(keyset)).toMatchObject({ ok: true });
    expect(await authenticateKeyset(keyset, scene.trusted)).toMatchObject({ ok: true });
  });

  test('a file is armor around one compact JWS in lines of 64 columns', async () => {
    const scene = await newScene();
    const text = await signDocument('license', licenseClaims(scene), scene.license.key);
    const lines = text.split('\n');
    expect(lines[0]).toBe('-----BEGIN LATCHKEY LICENSE FILE-----');
    expect(lines.at(-2)).toBe('-----END LATCHKEY LICENSE FILE-----');
    expect(lines.at(-1)).toBe('');
    expect(lines.slice(1, -3).every((line) => line.length === 64)).toBe(true);
    const [head = ''] = unwrapJws(text).split('.');
    expect(JSON.parse(Buffer.from(head, 'base64url').toString('utf8'))).toEqual({ alg: 'Ed25519', typ: 'latchkey-license+jwt', kid: scene.license.key.kid });
  });

  test('a file whose line ends were turned into CRLF is the same file', async () => {
    const scene = await newScene();
    const text = await signDocument('license', licenseClaims(scene), scene.license.key);
    const crlf = unwrap(parseKind('license', text.replaceAll('\n', '\r\n')));
    expect(await authenticateIssued(crlf, scene.trusted)).toMatchObject({ ok: true });
  });

  test('each kind is refused where another is expected, with both names', async () => {
    const scene = await newScene();
    const text = await signDocument('request', requestClaims(scene), scene.machine.key);
    for (const kind of documentKinds.filter((each) => each !== 'request')) {
      expect(parseKind(kind, text)).toEqual({ ok: false, code: 'FILE_WRONG_KIND', details: { expected: kind, actual: 'request' } });
    }
  });

  test('one kind under the label of another is refused as what it really is', async () => {
    const scene = await newScene();
    const text = await signDocument('request', requestClaims(scene), scene.machine.key);
    const relabelled = text.replaceAll(kindTable.request.label, kindTable.license.label);
    expect(parseDocument(relabelled)).toMatchObject({ ok: false, code: 'FILE_WRONG_KIND', details: { actual: 'request' } });
  });

  test('claims that could not be read back are never signed', async () => {
    const scene = await newScene();
    await expect(signDocument('license', { ...licenseClaims(scene), extra: 1 } as never, scene.license.key)).rejects.toThrow();
    await expect(signDocument('license', licenseClaims(scene, { seq: 0 }), scene.license.key)).rejects.toThrow();
  });

  test('a heartbeat is believed only from the machine it names', async () => {
    const scene = await newScene();
    const claims = { iss: scene.machineId, aud: scene.authority, sub: 'lse_1', file: 'fil_1', jti: 'hb_1', iat: NOW };
    const jws = await signHeartbeat(claims, scene.machine.key);
    expect(await authenticateHeartbeat(jws, async () => scene.machine.key.jwk)).toEqual({ ok: true, value: claims });
    const other = await newParty();
    expect(await authenticateHeartbeat(jws, async () => other.key.jwk)).toMatchObject({ ok: false, code: 'FILE_NOT_GENUINE' });
    expect(await authenticateHeartbeat(await signHeartbeat(claims, other.key), async () => scene.machine.key.jwk)).toMatchObject({ code: 'FILE_NOT_GENUINE' });
    expect(await authenticateHeartbeat(jws, async () => null)).toMatchObject({ code: 'LEASE_NOT_FOUND' });
  });
});
