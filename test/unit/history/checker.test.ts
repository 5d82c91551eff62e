import { describe, expect, test } from 'vitest';
import { checkHistory } from '../../support/history/check.ts';
import { createRecorder } from '../../support/history/history.ts';
import type { OperationKind, Outcome, Recorder } from '../../support/history/history.ts';
import { fits, variants } from '../../support/history/variants.ts';

/** Histories written by hand, each with one thing wrong: the checker must say what, and must say nothing of the one without. */
const START = 1000;
const document = (claims: object): string => `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
const request = (machine: string, seq: number): string => document({ iss: machine, jti: `req_${machine}_${seq}`, seq });
type FileOf = { readonly machine: string; readonly requestSeq: number; readonly lease?: string; readonly seq?: number; readonly mode?: string; readonly exp?: number; readonly jti?: string };
const file = ({ machine, requestSeq, lease = `lse_${machine}`, seq = 1, mode = 'online', exp = START + 100, jti = `fil_${lease}_${seq}` }: FileOf): string =>
  document({ aud: machine, sub: lease, jti, seq, req: `req_${machine}_${requestSeq}`, mode, exp, license: { id: 'lic' } });
const proof = (machine: string, seq: number, of = `fil_lse_${machine}_1`): string => document({ iss: machine, sub: `lse_${machine}`, file: of, jti: `rel_${machine}_${seq}`, seq });
const receipt = (machine: string, seq: number): string => document({ aud: machine, proof: `rel_${machine}_${seq}`, jti: `rcp_${machine}_${seq}` });

const scene = () => {
  const recorder = createRecorder({ lic: 1 }, START);
  const does = (kind: OperationKind, sent: string, outcome: Outcome): void => recorder.begin({ kind, sent, body: {}, session: null })(outcome);
  const issued = (of: FileOf): Outcome => ({ is: 'done', value: { licenseFile: file(of) } });
  return { recorder, does, issued, rules: () => rulesOf(recorder) };
};
const rulesOf = (recorder: Recorder): readonly string[] => checkHistory(recorder.history()).map(({ rule }) => rule);
const done = (value: Record<string, unknown>): Outcome => ({ is: 'done', value });

describe('the history checker', () => {
  test('says nothing of a seat that goes from one machine to the next by a proof, by the decision to free it early, and by time', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
    does('checkout', request('b', 1), issued({ machine: 'b', requestSeq: 1 }));
    does('decide', 'lse_b', done({ id: 'lse_b', busyUntil: START + 100 }));
    does('free', 'lse_b', done({ id: 'lse_b', busyUntil: START + 100, ended: { freedAt: START } }));
    does('checkout', request('c', 1), issued({ machine: 'c', requestSeq: 1, mode: 'offline' }));
    recorder.mark({ kind: 'clock', now: START + 100 });
    does('checkout', request('d', 1), issued({ machine: 'd', requestSeq: 1, exp: START + 200 }));
    recorder.mark({ kind: 'audit', intact: true, decisions: ['lse_b'], freed: ['lse_b'] });
    expect(rules()).toEqual([]);
  });

  test('sees two machines on one seat', () => {
    const { does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('checkout', request('b', 1), issued({ machine: 'b', requestSeq: 1 }));
    expect(rules()).toContain('seats');
  });

  test('accuses nobody while a proof is under way that may have been accepted', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    const lost = recorder.begin({ kind: 'give-back', sent: proof('a', 2), body: {}, session: null });
    does('checkout', request('b', 1), issued({ machine: 'b', requestSeq: 1 }));
    lost({ is: 'unknown' });
    expect(rules()).toEqual(['resolution']);
    does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
    expect(rules()).toEqual([]);
  });

  test('does not take a decision, a proof from before the request, or an older heartbeat for the end of a file', () => {
    const after = (end: 'decide' | 'free' | 'proof' | 'heartbeat'): readonly string[] => {
      const { does, issued, rules } = scene();
      does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1, mode: 'offline' }));
      does('renew', request('a', 3), issued({ machine: 'a', requestSeq: 3, seq: 2, mode: 'offline', exp: START + 200 }));
      if (end === 'decide') does('decide', 'lse_a', done({ id: 'lse_a', busyUntil: START + 200 }));
      if (end === 'free') does('free', 'lse_a', done({ id: 'lse_a', busyUntil: START + 200, ended: { freedAt: START } }));
      if (end === 'proof') does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
      if (end === 'heartbeat') does('heartbeat', document({ iss: 'a', sub: 'lse_a', file: 'fil_lse_a_1' }), done({}));
      does('checkout', request('b', 1), issued({ machine: 'b', requestSeq: 1 }));
      return rules();
    };
    expect(after('decide')).toContain('seats');
    expect(after('free')).toContain('seats');
    expect(after('proof')).toContain('seats');
    expect(after('heartbeat')).toContain('seats');
  });

  test('sees another answer to the same request, a number used twice, and a refusal after an answer', () => {
    const { does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1, jti: 'fil_other' }));
    does('checkout', request('a', 1), { is: 'refused', code: 'SEAT_LIMIT_EXCEEDED' });
    expect(rules()).toEqual(['same-answer', 'sequence', 'same-answer']);
  });

  test('sees a lost lease, a time that went down by itself, numbers that do not add up, a decision without its row, and a broken chain', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('heartbeat', document({ iss: 'a', sub: 'lse_a', file: 'fil_lse_a_1' }), { is: 'refused', code: 'LEASE_NOT_FOUND' });
    does('renew', request('a', 2), done({ licenseFile: file({ machine: 'a', requestSeq: 2, seq: 2, exp: START + 50 }), lease: { id: 'lse_a', busyUntil: START + 50 } }));
    does('look', '', done({ entitlements: [{ license: 'lic', seats: { owned: 1, free: 1, inUse: 1, inTransit: 0, atRisk: 0 } }] }));
    does('look', '', done({ entitlements: [{ license: 'lic', seats: { owned: 1, free: 1, inUse: 0, inTransit: 0, atRisk: 0 } }] }));
    does('decide', 'lse_a', done({ id: 'lse_a', busyUntil: START + 100 }));
    does('free', 'lse_a', done({ id: 'lse_a', busyUntil: START + 100, ended: { freedAt: START } }));
    recorder.mark({ kind: 'audit', intact: false, decisions: [], freed: [] });
    expect(rules().toSorted()).toEqual(['audit', 'audit', 'audit', 'lost-lease', 'lowered', 'numbers', 'numbers']);
  });

  test('sees a client that uses what it gave back', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
    recorder.mark({ kind: 'usable', machine: 'a', lease: 'lse_a' });
    expect(rules()).toEqual(['released-and-usable']);
  });

  test('lets a machine whose older copy was put back use what it gave back, until it is told', () => {
    const afterRestore = (...told: readonly Outcome[]): readonly string[] => {
      const { recorder, does, issued, rules } = scene();
      does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
      does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
      recorder.mark({ kind: 'restore', machine: 'a' });
      for (const outcome of told) does('heartbeat', document({ iss: 'a', sub: 'lse_a', file: 'fil_lse_a_1' }), outcome);
      recorder.mark({ kind: 'usable', machine: 'a', lease: 'lse_a' });
      return rules();
    };
    expect(afterRestore()).toEqual([]);
    expect(afterRestore({ is: 'unknown' }, { is: 'refused', code: 'MACHINE_CLONED' })).toEqual([]);
    expect(afterRestore(done({ state: 'released' }))).toEqual(['released-and-usable']);
  });

  test('sees a client that gives a lease back again after an older copy was put back, and uses it', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    does('give-back', proof('a', 2), done({ receipt: receipt('a', 2) }));
    recorder.mark({ kind: 'restore', machine: 'a' });
    does('give-back', proof('a', 3), done({ receipt: receipt('a', 3) }));
    recorder.mark({ kind: 'usable', machine: 'a', lease: 'lse_a' });
    expect(rules()).toEqual(['released-and-usable']);
  });

  test('sees a machine that has neither a lease nor its proof', () => {
    const { recorder, does, issued, rules } = scene();
    does('checkout', request('a', 1), issued({ machine: 'a', requestSeq: 1 }));
    recorder.mark({ kind: 'dropped', machine: 'a', lease: 'lse_a' });
    expect(rules()).toEqual(['dropped']);
  });
});

test.each(variants.map((variant) => [variant.name, variant] as const))('the variant %s fits the source', (_, variant) => {
  expect(() => fits(variant)).not.toThrow();
});
